/**
 * The baseline of links: a `ws` client that parses each message and forgets it.
 * No order, no log, no viewers. What a link costs on top of this is Parlor's
 * own doing.
 *
 * @module
 */

import WebSocket from "ws";
import type { Receipt } from "./live_flood.ts";
import { printLine } from "./print.ts";
import { cpuSecs } from "./process_stats.ts";

const [url = "", count = "0"] = Deno.args;
const wanted = Number(count);
let received = 0;
let startedMs = 0;
let cpuBefore = 0;

const socket = new WebSocket(url, { perMessageDeflate: false });
socket.on("message", (data: Uint8Array) => {
  if (received === 0) {
    startedMs = performance.now();
    cpuBefore = cpuSecs(Deno.pid);
  }
  const { id } = JSON.parse(String(data));
  if (id !== undefined) received += 1;
  if (received === wanted) finish();
});

function finish(): void {
  const receipt: Receipt = {
    tookMs: performance.now() - startedMs,
    cpuSecs: cpuSecs(Deno.pid) - cpuBefore,
  };
  printLine(JSON.stringify(receipt));
  Deno.exit();
}
