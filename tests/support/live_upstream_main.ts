/**
 * The server of live rooms as a program: the example upstream of README.
 *
 * ```sh
 * deno run --allow-net --allow-env tests/support/live_upstream_main.ts \
 *   --port 9000
 * ```
 *
 * @module
 */

// deno-lint-ignore-file no-console -- A program that prints.

import { parseArgs } from "node:util";
import { MISBEHAVIOURS, readMisbehaviour } from "./live_misbehaviour.ts";
import { startLiveUpstream } from "./live_upstream.ts";

const USAGE = `Serves a lively room for any live id, at ws://HOST:PORT/LIVE_ID.

  --port N          where to listen (9000)
  --host NAME       the address to listen on (127.0.0.1)
  --rate N          messages a second of each room (3)
  --misbehave WHAT  do this to every connection; may be repeated, and then the
                    connections take turns
                    WHAT: ${MISBEHAVIOURS.join(",\n                    ")}
  --help            this text

A room's status is at http://HOST:PORT/status/LIVE_ID.`;

/** Most messages a second. */
const RATE_MAX = 20_000;

function main(args: string[]): void {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "9000" },
      host: { type: "string", default: "127.0.0.1" },
      rate: { type: "string", default: "3" },
      misbehave: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const upstream = startLiveUpstream({
    hostname: values.host,
    port: number("--port", values.port, 65_535),
    rate: number("--rate", values.rate, RATE_MAX),
    run: Date.now().toString(36),
    onLine: (line) => {
      console.log(`${new Date().toISOString().slice(11, 23)} ${line}`);
    },
  });
  upstream.takeTurns(values.misbehave.map(readMisbehaviour));
  console.log(`Listening on ws://${values.host}:${upstream.port}/{live_id}`);
}

function number(name: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value <= max) return value;
  throw new Error(`Cannot read ${name}: want 0 to ${max}, got "${text}"`);
}

if (import.meta.main) {
  try {
    main(Deno.args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(2);
  }
}
