// As the other examples, in node, which has the browser's fetch: node node.mjs MODULE.wasm
// Where and who come from the environment, the code from standard input.

import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { recover } from "./recover.mjs";

const { AUTH0_DOMAIN: domain, AUTH0_CLIENT_ID: clientId, AUTH0_MFA_TOKEN: mfaToken } = process.env;
const module = await WebAssembly.compile(readFileSync(process.argv[2]));
const recoveryCode = (await text(process.stdin)).trim();
process.stdout.write(await recover(module, { domain, clientId, mfaToken, recoveryCode }));
