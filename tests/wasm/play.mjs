// Plays the corpus' replies to a recovery code in WebAssembly and natively: node play.mjs MODULE.wasm NATIVE CORPUS
// The two must not differ in a byte, and the outcome must be the one that the case expects.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { door } from "../../examples/wasm-fetch/door.mjs";

const [modulePath, native, corpus] = process.argv.slice(2);
const FACTS = ["outcome", "code_state", "new_code", "recovery_code", "recovery_code_json", "access_token"];

const module = new WebAssembly.Module(readFileSync(modulePath));
assert.deepEqual(WebAssembly.Module.imports(module), [], "core asks something of its host");
const { exports: core } = new WebAssembly.Instance(module, {});
const { put, take } = door(core);

const played = { answered: 0, lost: 0, not_sent: 0 };
for (const file of readdirSync(corpus).sort()) {
  const { reply, expect, earlier_sending_in_doubt } = JSON.parse(readFileSync(join(corpus, file), "utf8"));
  const happened = typeof reply === "string" ? reply : "cut_after" in reply ? "lost" : "answered";
  const scene = Buffer.concat([
    Buffer.from(`${earlier_sending_in_doubt ? "in_doubt " : ""}${happened}\n`),
    typeof reply === "string" ? Buffer.alloc(0) : bytesOf(reply),
  ]);

  const account = playInWasm(scene);
  assert.equal(account, execFileSync(native, { input: scene }).toString(), `${file}: native is different`);
  const came = factsOf(account);
  for (const fact of FACTS) assert.equal(came[fact], expect[fact], `${file}: ${fact}`);
  played[happened] += 1;
}
for (const [happened, times] of Object.entries(played)) assert.ok(times > 0, `nothing was ${happened}`);

console.log(`wasm: imports nothing; as native: ${JSON.stringify(played)}`);

function bytesOf({ status, headers = {}, body = "", body_base64, cut_after }) {
  const whole = body_base64 === undefined ? Buffer.from(body) : Buffer.from(body_base64, "base64");
  const head = [status, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  return Buffer.concat([Buffer.from(`${head.join("\n")}\n\n`), whole.subarray(0, cut_after)]);
}

function playInWasm(scene) {
  put(scene);
  core.play();
  return Buffer.from(take()).toString();
}

function factsOf(account) {
  const lines = account.slice(account.indexOf("\noutcome=")).trim().split("\n");
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}
