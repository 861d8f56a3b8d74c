// Log in with a recovery code over fetch, in a browser as in node:
//
//   const module = await WebAssembly.compileStreaming(fetch("auth0_mfa_wasm_fetch.wasm"));
//   show(await recover(module, { domain, clientId, mfaToken, recoveryCode }));
//
// In a browser, the origin of the page has to be one that the application allows (CORS), and replies show only the
// headers that Auth0 exposes. Nothing is sent twice from here; a browser may by itself send once more on a connection
// that it had used before, and tells nobody. What JavaScript has held of a secret cannot be wiped.

import { door } from "./door.mjs";

const TIMEOUT_MS = 30_000;
/** Replies are a few kilobytes; a server that sends more is not listened to. */
const MOST_BYTES = 256 * 1024;

/** What came of the recovery code: lines for a person. */
export async function recover(module, { domain, clientId, mfaToken, recoveryCode }) {
  const { exports: core } = await WebAssembly.instantiate(module, {});
  const { put, take } = door(core);

  put(bytesOf([domain, clientId, mfaToken, recoveryCode].join("\n")));
  if (!core.begin()) throw new TypeError(textOf(take()));
  const { isWhole, reply } = await exchange(requestIn(take()));
  put(reply);
  if (isWhole) core.answered();
  else core.lost();
  return textOf(take());
}

/** Sends a request once. What was read of a reply is handed over even when it breaks off: the new code may be in it. */
async function exchange({ method, url, headers, body }) {
  const read = [];
  try {
    const response = await fetch(url, {
      method,
      headers,
      body,
      redirect: "error", // it would carry the code elsewhere
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    read.push(headOf(response));
    await readToEnd(response.body, read);
    return { isWhole: true, reply: joined(read) };
  } catch {
    // Whether anything was sent, nobody can say.
    return { isWhole: false, reply: joined(read) };
  }
}

async function readToEnd(stream, read) {
  const reader = stream?.getReader();
  for (let room = MOST_BYTES; reader; ) {
    const { done, value } = await reader.read();
    if (done) return;
    read.push(value.subarray(0, room));
    room -= value.length;
    if (room < 0) {
      reader.cancel().catch(() => {});
      throw new RangeError("the reply is too long");
    }
  }
}

/** As message.rs writes it. */
function requestIn(message) {
  const end = message.findIndex((byte, index) => byte === 10 && message[index + 1] === 10);
  const [first, ...lines] = textOf(message.subarray(0, end)).split("\n");
  const [method, url] = first.split(" ");
  const headers = lines.map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]);
  const body = message.subarray(end + 2);
  return { method, url, headers, body: body.length > 0 ? body : undefined };
}

/** As message.rs reads it. */
function headOf({ status, headers }) {
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
  return bytesOf(`${[status, ...lines].join("\n")}\n\n`);
}

function joined(chunks) {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function bytesOf(text) {
  return new TextEncoder().encode(text);
}

function textOf(bytes) {
  return new TextDecoder().decode(bytes);
}
