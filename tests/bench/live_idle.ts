/**
 * What links and viewers of live rooms cost while nothing is said.
 *
 * @module
 */

import { COLLECTING, heldBytes } from "./held_memory.ts";
import { goalOf, idleRowOf } from "./idle.ts";
import { LiveParlor } from "./live_parlor.ts";
import { listeningJob } from "./load_process.ts";
import type { Row } from "./report.ts";

const LINKS = 200;
const KILOBYTES_MAX = 60;

/** One message, and silence. */
const SOURCES = { idle: "count=1" };

const VIEWER = goalOf("idle viewer of a live room");

export async function liveIdleRows(): Promise<Row[]> {
  return [await linkRow(), await viewerRow()];
}

async function linkRow(): Promise<Row> {
  await using live = await LiveParlor.open({
    sources: SOURCES,
    flags: COLLECTING,
    settings: { LIVE_MAX_LINKS: String(2 * LINKS) },
  });
  // What the first ones make is there for all that follow.
  await startLinks(live, { from: 0, to: LINKS / 10 });
  const before = await heldBytes(live.pid);
  await startLinks(live, { from: LINKS / 10, to: LINKS + LINKS / 10 });
  const grown = await heldBytes(live.pid) - before;
  const kilobytes = grown / LINKS / 1000;
  return {
    name: "idle link",
    goal: `<= ${KILOBYTES_MAX} kB`,
    measured: `${kilobytes.toFixed(1)} kB`,
    detail: `${LINKS} links, ${(grown / 1e6).toFixed(1)} MB`,
    isMet: kilobytes <= KILOBYTES_MAX,
  };
}

async function startLinks(
  live: LiveParlor,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  for (let index = from; index < to; index++) {
    await live.start(`idle${index}`, "idle");
    await live.untilKept(`idle${index}`, 1);
  }
}

async function viewerRow(): Promise<Row> {
  await using live = await LiveParlor.open({ sources: SOURCES });
  await live.start("idle", "idle");
  const { pid, parlor: { port } } = live;
  return await idleRowOf(VIEWER, {
    pid,
    job: (connections) =>
      listeningJob({ port, path: "/ws/live/idle" }, connections),
  });
}
