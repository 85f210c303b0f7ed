/**
 * The baseline of callbacks: a loop of `fetch` that posts one body over and
 * over. No order, no database, no signature, no bound on time. What a delivery
 * costs on top of this is Parlor's own doing.
 *
 * @module
 */

import type { PostsJob, PostsResult } from "./callback_rate.ts";
import { printLine } from "./print.ts";
import { cpuSecs } from "./process_stats.ts";

const { url, body, count, inFlight }: PostsJob = JSON.parse(Deno.args[0] ?? "");

let posted = 0;

async function postOnAndOn(): Promise<void> {
  while (posted < count) {
    posted += 1;
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body });
    await response.text();
  }
}

const startedMs = performance.now();
const cpuBefore = cpuSecs(Deno.pid);
await Promise.all(Array.from({ length: inFlight }, postOnAndOn));
const result: PostsResult = {
  tookMs: performance.now() - startedMs,
  cpuSecs: cpuSecs(Deno.pid) - cpuBefore,
};
printLine(JSON.stringify(result));
