/**
 * The receiver of callbacks as a program: its flags, and what it prints.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- A program that prints.

import { parseArgs } from "node:util";
import type {
  CallbackReceiver,
  Delivery,
  ReceiverOptions,
} from "./callback_receiver.ts";
import {
  type FailMode,
  type Failure,
  RandomFailure,
} from "./callback_receiver_failure.ts";

const USAGE = `Receives Parlor's callbacks and prints a line for each.

  --port N       where to listen (8080)
  --host NAME    the address to listen on (127.0.0.1)
  --fail HOW:N   fail the next N requests, or all without N; may be repeated
                 HOW: a status, 429=SECONDS (with Retry-After), hang, drip,
                 break, huge, redirect, delay=MS, random=FRACTION

CALLBACK_SECRET, if it is set, is what requests must be signed with.`;

/** Runs until it is stopped from outside. */
export function runReceiver(
  args: readonly string[],
  start: (options: ReceiverOptions) => CallbackReceiver,
): void {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string", default: "8080" },
      host: { type: "string", default: "127.0.0.1" },
      fail: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const rules = values.fail.map(ruleOf);
  const receiver = start({
    hostname: values.host,
    port: Number(values.port),
    secret: Deno.env.get("CALLBACK_SECRET"),
    onDelivery: (delivery) => console.log(lineOf(delivery)),
  });
  for (const { mode, times } of rules) receiver.failWith(mode, { times });
  console.log(`Listening on ${values.host}:${receiver.port}`);
}

/** Reads a `--fail`. */
function ruleOf(flag: string): { mode: FailMode; times: number } {
  const [, how = "", times = Infinity] = /^(.+?)(?::(\d+))?$/.exec(flag) ?? [];
  return { mode: modeOf(how), times: Number(times) };
}

function modeOf(how: string): FailMode {
  const [name = "", value] = how.split("=");
  if (/^[2-5]\d\d$/.test(name)) return statusMode(Number(name), value);
  switch (name) {
    case "hang":
    case "drip":
    case "break":
    case "huge":
      return { kind: name };
    case "redirect":
      return { kind: "redirect", url: "http://elsewhere.invalid/" };
    case "delay":
      return { kind: "delay", ms: Number(value) };
    case "random":
      return new RandomFailure(Number(value));
  }
  throw new Error(`Cannot fail with "${how}": see --help`);
}

function statusMode(status: number, seconds: string | undefined): Failure {
  return {
    kind: "status",
    status,
    ...(seconds === undefined ? {} : { headers: { "retry-after": seconds } }),
  };
}

function lineOf(delivery: Delivery): string {
  const { path, type, id, isSigned, isRepeat, answer, body, at } = delivery;
  return [
    new Date(at).toISOString().slice(11, 23),
    path,
    type,
    `room=${body.room_id}`,
    `id=${id}`,
    isSigned === null ? "unsigned" : isSigned ? "signed" : "wrong signature",
    ...(isRepeat ? ["repeat"] : []),
    `→ ${answer}`,
  ].join(" ");
}
