/**
 * The page where a user asks to be matched, and waits.
 *
 * The server pushes what becomes of the request; the page also asks every 3 s
 * while it waits, as the seed's does, for networks that let no socket through.
 *
 * @module
 */
// deno-lint-ignore-file camelcase
/// <reference lib="dom" />

import { get, post } from "./api.ts";
import { Countdown } from "./countdown.ts";
import { byId, showText } from "./elements.ts";
import { fill } from "./fill.ts";
import type { LinkPush } from "./frames.ts";
import {
  chatPath,
  type CreateAnswer,
  endOf,
  type StatusAnswer,
} from "./links.ts";
import { listen } from "./push_line.ts";
import { serverNow } from "./server_time.ts";
import { words } from "./words.ts";

const POLL_MS = 3000;

const API = "/tools/api/heart_link";
const NUMBER_API = "/tools/api/number-match";

const page = byId("main", HTMLElement);
const news = byId("news", HTMLElement);
const fault = byId("fault", HTMLElement);
const left = byId("left", HTMLElement);
const press = byId("press", HTMLButtonElement);
const cancel = byId("cancel", HTMLButtonElement);
const numberForm = byId("number-form", HTMLFormElement);
const numberField = byId("number", HTMLInputElement);
const countdown = new Countdown(left);

/** The number of the request that waits; `null` is anyone's. */
let waitingNumber: string | null = null;
let isWaiting = false;
let isLeaving = false;
let poll: ReturnType<typeof setInterval> | undefined;

function showIdle(text: string): void {
  isWaiting = false;
  page.dataset["state"] = "idle";
  news.textContent = text;
  countdown.stop();
  clearInterval(poll);
  left.hidden = cancel.hidden = byId("stay", HTMLElement).hidden = true;
  press.hidden = numberForm.hidden = false;
}

function showWaiting(endsAt: number, number: string | null): void {
  waitingNumber = number;
  if (!isWaiting) {
    isWaiting = true;
    clearInterval(poll);
    poll = setInterval(ask, POLL_MS);
    page.dataset["state"] = "waiting";
    news.textContent = number === null
      ? words.matchWaiting
      : fill(words.numberWaiting, { number });
    left.hidden = cancel.hidden = byId("stay", HTMLElement).hidden = false;
    press.hidden = numberForm.hidden = true;
    cancel.focus();
  }
  // One that is over and not settled yet is asked for again a second later.
  countdown.start(Math.max(endsAt, serverNow() + 1000), ask);
}

function goTo(path: string, text: string): void {
  if (isLeaving) return;
  isLeaving = true;
  showIdle(text);
  page.dataset["state"] = "matched";
  press.hidden = numberForm.hidden = true;
  location.assign(path);
}

/** Takes the server's word for where the request is. */
async function ask(): Promise<void> {
  const { isOk, body } = await get<StatusAnswer>(`${API}/status/`);
  if (!isOk || isLeaving) return;
  if (body.status === "pending" || body.status === "matching") {
    showWaiting(endOf(body, serverNow()), waitingNumber);
  } else if (isWaiting && body.status === "matched" && body.room_id) {
    const text = fill(words.matchFound, { name: nameIn(body) });
    goTo(chatPath(body.room_id), text);
  } else if (isWaiting) {
    const isCancelled = body.status === "cancelled";
    showIdle(isCancelled ? words.matchCancelled : words.matchExpired);
  }
}

function nameIn({ matched_user_name, matched_user }: Partial<CreateAnswer>) {
  return matched_user_name ?? matched_user ?? "";
}

async function create(path: string, number: string | null): Promise<void> {
  showText(fault, "");
  press.disabled = true;
  const { isOk, body, reason } = await post<CreateAnswer>(
    path,
    number === null ? {} : { number },
  );
  press.disabled = false;
  // Another page of the same user may wait already: then so does this one.
  if (!isOk) {
    await ask();
    if (!isWaiting) showText(fault, reason);
  } else if (body.room_id && (body.matched || body.reconnect)) {
    const text = body.reconnect
      ? words.matchBack
      : fill(words.matchFound, { name: nameIn(body) });
    goTo(chatPath(body.room_id), text);
  } else showWaiting(endOf({}, serverNow()), number);
}

/** A page that was reloaded does not know which of the two waits. */
async function withdraw(): Promise<void> {
  cancel.disabled = true;
  let answer = await post(`${API}/cancel/`);
  if (answer.status === 404) answer = await post(`${NUMBER_API}/cancel/`);
  cancel.disabled = false;
  if (answer.isOk || answer.status === 404) {
    await ask();
    if (!isLeaving) showIdle(words.matchCancelled);
    press.focus();
  } else showText(fault, answer.reason);
}

function onPush({ status, chat_url: path, matched_user_name }: LinkPush): void {
  if (status === "matched" && path !== null) {
    goTo(path, fill(words.matchFound, { name: matched_user_name ?? "" }));
  } else void ask();
}

press.addEventListener("click", () => void create(`${API}/create/`, null));
cancel.addEventListener("click", () => void withdraw());
numberForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const number = numberField.value.trim();
  const isNumber = /^[0-9]{4}$/.test(number);
  numberField.setAttribute("aria-invalid", isNumber ? "false" : "true");
  showText(fault, isNumber ? "" : words.numberBad);
  if (isNumber) void create(`${NUMBER_API}/`, number);
  else numberField.focus();
});
listen({ heart_link: onPush, presence_established: () => void ask() });
void ask();
