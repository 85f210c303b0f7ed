/**
 * What 100 viewers hear of a live room that is told 5,000 messages a second.
 *
 * @module
 */

import { PER_SEC } from "./live_feed.ts";
import { type LogFacts, logFacts } from "./live_log.ts";
import { LiveParlor } from "./live_parlor.ts";
import { type Heard, ViewersProcess } from "./live_viewers_process.ts";
import { pause } from "./pace.ts";
import { warnLine } from "./print.ts";
import { cpuSecs } from "./process_stats.ts";
import type { Row } from "./report.ts";

const VIEWERS = 100;
const P99_MS_MAX = 250;

/** More than what is gathered for viewers waits, in ms. */
const LAST_MS = 2500;

const WATCHED = [
  { name: "100 viewers of that, batched", query: "batch=true" },
  { name: "100 viewers of that, one frame each", query: "batch=false" },
] as const;

/** @param feedMs for how long it is fed. */
export async function liveWatchingRows(feedMs: number): Promise<Row[]> {
  const count = PER_SEC * feedMs / 1000;
  await using live = await LiveParlor.open({
    sources: { fed: `waits&perSec=${PER_SEC}&count=${count}` },
  });
  const rows: Row[] = [];
  for (const [index, { name, query }] of WATCHED.entries()) {
    const liveId = `watched${index}`;
    await live.start(liveId, "fed");
    await using viewers = new ViewersProcess({
      port: live.parlor.port,
      path: `/ws/live/${liveId}?${query}`,
      viewers: VIEWERS,
    });
    await viewers.opened();
    const cpuBefore = cpuSecs(live.pid);
    await live.go();
    await live.untilKept(liveId, count);
    const cpuShare = 1000 * (cpuSecs(live.pid) - cpuBefore) / feedMs;
    await pause(LAST_MS);
    const heard = await viewers.takeHeard();
    const log = await logFacts(live, liveId);
    rows.push(watchedRow(name, { heard, log, cpuShare }));
  }
  return rows;
}

interface Watched {
  readonly heard: Heard;
  readonly log: LogFacts;
  readonly cpuShare: number;
}

function watchedRow(name: string, { heard, log, cpuShare }: Watched): Row {
  const { bursts, closed, frames, latency, likes, members } = heard;
  const chats = Math.min(...heard.chats);
  const gifts = Math.min(...heard.gifts);
  const isAll = chats === log.chats && gifts === log.gifts &&
    likes === log.likes && members === log.members;
  warnLine(
    `${name}: chats ${chats} of ${log.chats}, gifts ${gifts} of ${log.gifts}, ` +
      `likes ${likes} of ${log.likes}, members ${members} of ${log.members}, ` +
      `${bursts} sums, ${frames} frames, ${closed} closed, ` +
      `p50 ${latency.p50Ms.toFixed(0)} ms, p99 ${
        latency.p99Ms.toFixed(0)
      } ms, ` +
      `max ${latency.maxMs.toFixed(0)} ms, ` +
      `server ${(100 * cpuShare).toFixed(0)} %`,
  );
  return {
    name,
    goal: `hear all, p99 <= ${P99_MS_MAX} ms`,
    measured: `${share(chats + gifts, log.chats + log.gifts)}, ` +
      `p99 ${latency.p99Ms.toFixed(0)} ms`,
    detail: `${log.likes + log.members} likes and members as ${bursts} sums, ` +
      `server ${(100 * cpuShare).toFixed(0)} %`,
    isMet: isAll && closed === 0 && latency.p99Ms <= P99_MS_MAX,
  };
}

function share(part: number, whole: number): string {
  return `${(100 * part / whole).toFixed(part === whole ? 0 : 1)} %`;
}
