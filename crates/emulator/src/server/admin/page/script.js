"use strict";
// Shows the tenant's state, once a second, and presses its buttons. Nothing is ever put in as HTML.

const NEWEST = 200;
const PAUSE = 1000;
const shown = new Map();
let lastMessage = null;

const byId = (id) => document.getElementById(id);

/** An element with attributes and children; text stays text. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const code = (text) => make("code", {}, String(text));
const clockTime = (seconds) => new Date(seconds * 1000).toISOString().replace("T", " ").slice(0, 19);

/** A list of terms, without those that have no value. */
function terms(pairs) {
  const there = pairs.filter(([, value]) => value !== null && value !== undefined);
  return make("dl", {}, ...there.flatMap(([term, value]) => [make("dt", {}, term), make("dd", {}, value)]));
}

async function call(method, path, body) {
  const options = { method, cache: "no-store" };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "content-type": "application/json" };
  }
  const reply = await fetch(`/_emulator/${path}`, options);
  const text = await reply.text();
  const json = text ? JSON.parse(text) : null;
  if (!reply.ok) throw new Error(json?.error ?? reply.statusText);
  return json;
}

/** Presses a button: says what came of it, and shows the new state. */
async function press(done, method, path, body) {
  try {
    await call(method, path, body);
    byId("status").textContent = done;
  } catch (error) {
    byId("status").textContent = `It did not work: ${error.message}`;
  }
  await refresh();
}

function button(label, description, action) {
  const element = make("button", { type: "button", "aria-label": description }, label);
  element.addEventListener("click", action);
  return element;
}

function authenticatorLine(authenticator) {
  const state = authenticator.confirmed ? "" : " (not confirmed)";
  const line = make("div", {}, code(authenticator.id), authenticator.name ? ` ${authenticator.name}` : "", state);
  if (authenticator.otp) line.append(" shows ", code(authenticator.otp));
  return line;
}

function userItem(user) {
  return make("li", {}, make("h3", {}, user.name), terms([
    ["User ID", code(user.user_id)],
    ["Password", code(user.password)],
    ["Recovery code", user.recovery_code && code(user.recovery_code)],
    ...user.authenticators.map((authenticator) => ["Authenticator", authenticatorLine(authenticator)]),
  ]));
}

function messageItem(message) {
  const title = `${message.channel} to ${message.user}`;
  const item = make("li", {}, make("h3", {}, title), terms([
    ["For", message.purpose],
    ["To", message.recipient],
    ["Code", message.code && code(message.code)],
    ["At", clockTime(message.at)],
    ["Answer", message.answer],
  ]));
  if (message.channel === "push" && !message.answer) {
    const answer = (word, done) => () =>
      press(`${message.user}: the push is ${done}.`, "POST", `pushes/${message.id}/${word}`);
    const about = `the push ${message.id} of ${message.user}`;
    item.append(button("Approve", `Approve ${about}`, answer("approve", "approved")));
    item.append(button("Deny", `Deny ${about}`, answer("deny", "denied")));
  }
  return item;
}

function faultItem(planned) {
  const { met, applied, ...rule } = planned;
  return make("li", {}, code(JSON.stringify(rule)), ` met ${met}, applied ${applied}`);
}

function eventRow(event) {
  const cell = (...children) => make("td", {}, ...children);
  return make("tr", {}, cell(clockTime(event.at)), cell(code(event.type)), cell(event.user ?? ""), cell(event.client_id));
}

/** Only what has changed is made anew: a button keeps the focus while nothing happens to its list. */
function show(id, values, item) {
  const json = JSON.stringify(values);
  if (shown.get(id) === json) return;
  shown.set(id, json);
  byId(id).replaceChildren(...values.map(item));
  const empty = byId(`${id}-empty`);
  if (empty) empty.hidden = values.length > 0;
}

/** Says what has come since the last look; nothing of what was there when the page was opened. */
function announce(outbox) {
  const newest = outbox.at(-1)?.id ?? 0;
  for (const message of outbox.filter(({ id }) => lastMessage !== null && id > lastMessage)) {
    byId("status").textContent = `New: ${message.channel} to ${message.user}.`;
  }
  lastMessage = newest;
}

async function refresh() {
  const state = await call("GET", `state?newest=${NEWEST}`);
  byId("tenant").textContent = state.tenant;
  byId("clock").textContent = `${clockTime(state.clock.now)} UTC`;
  byId("clock").dateTime = new Date(state.clock.now * 1000).toISOString();
  byId("running").textContent = state.clock.running ? "(running)" : "(stopped)";
  announce(state.outbox);
  show("outbox", state.outbox.reverse(), messageItem);
  show("users", state.users, userItem);
  show("log", state.events.reverse(), eventRow);
  show("faults", state.faults, faultItem);
}

async function live() {
  try {
    await refresh();
  } catch {
    byId("status").textContent = "The emulator does not answer.";
  }
  setTimeout(live, PAUSE);
}

for (const element of document.querySelectorAll("[data-advance]")) {
  const seconds = Number(element.dataset.advance);
  element.addEventListener("click", () => press(`The clock is ${seconds} seconds on.`, "POST", "clock/advance", { seconds }));
}
byId("clear-faults").addEventListener("click", () => press("No fault is planned.", "DELETE", "faults"));
byId("reset").addEventListener("click", () => press("The tenant is as it began.", "POST", "reset"));
live();
