/**
 * What 200 links that are dropped over and over cost a link that is not, and
 * the server.
 *
 * @module
 */

import { COLLECTING, heldBytes } from "./held_memory.ts";
import { LiveParlor } from "./live_parlor.ts";
import { ViewersProcess } from "./live_viewers_process.ts";
import { pause } from "./pace.ts";
import { warnLine } from "./print.ts";
import { cpuSecs } from "./process_stats.ts";
import { median, type Row } from "./report.ts";

const FLAPPING = 200;
const DROP_MS = 2000;
const SLOWDOWN_MAX = 3;
const GROWN_MB_MAX = 20;

const HEALTHY_ID = "healthy";
const HEALTHY_PER_SEC = 1000;
const TURN_MS = 1500;
const CALM_TURNS = 5;

/** Until they no longer flap at the same time, in ms. */
const SPREAD_MS = 6000;

/** @param flapMs for how long they flap. */
export async function liveFlapRows(flapMs: number): Promise<Row[]> {
  await using live = await LiveParlor.open({
    sources: {
      healthy: `perSec=${HEALTHY_PER_SEC}`,
      flapping: `perSec=1&dropMs=${DROP_MS}`,
    },
    settings: { LIVE_MAX_LINKS: String(FLAPPING + 1) },
    flags: COLLECTING,
  });
  await live.start(HEALTHY_ID, "healthy");
  await using viewer = new ViewersProcess({
    port: live.parlor.port,
    path: `/ws/live/${HEALTHY_ID}`,
    viewers: 1,
  });
  await viewer.opened();
  await pause(TURN_MS);
  const before = await turns(viewer, CALM_TURNS);
  await startFlapping(live);
  const beforeMb = await heldMb(live);
  const beside = await besideFlaps(viewer, { live, flapMs });
  const grownMb = await heldMb(live) - beforeMb;
  for (let index = 0; index < FLAPPING; index++) {
    await live.stop(`flapping${index}`);
  }
  const calm = [...before, ...await turns(viewer, CALM_TURNS)];
  warnLine(`flapping: p99 calm ${inMs(calm)}, beside ${inMs(beside.p99s)}`);
  const { reconnect_count: ownReconnects } = await live.link(HEALTHY_ID);
  return [
    besideRow(calm, { ...beside, ownReconnects }),
    memoryRow(beside, grownMb),
  ];
}

/** Resolves once they no longer flap at the same time. */
async function startFlapping(live: LiveParlor): Promise<void> {
  for (let index = 0; index < FLAPPING; index++) {
    await live.start(`flapping${index}`, "flapping");
  }
  await pause(SPREAD_MS);
}

interface Beside {
  /** To the viewer of the link that does not flap, in ms. */
  readonly p99s: readonly number[];
  readonly drops: number;
  readonly perSec: number;
  readonly cpuShare: number;
}

async function besideFlaps(
  viewer: ViewersProcess,
  { live, flapMs }: { readonly live: LiveParlor; readonly flapMs: number },
): Promise<Beside> {
  const cpuBefore = cpuSecs(live.pid);
  const dropsBefore = await dropsOf(live);
  const startedMs = performance.now();
  const p99s = await turns(viewer, Math.ceil(flapMs / TURN_MS));
  const secs = (performance.now() - startedMs) / 1000;
  const drops = await dropsOf(live) - dropsBefore;
  const cpuShare = (cpuSecs(live.pid) - cpuBefore) / secs;
  return { p99s, drops, perSec: drops / secs, cpuShare };
}

function besideRow(
  calm: readonly number[],
  { p99s, perSec, cpuShare, ownReconnects }: Beside & {
    readonly ownReconnects: number;
  },
): Row {
  const ratio = median(p99s) / median(calm);
  return {
    name: `a live room beside ${FLAPPING} links that flap`,
    goal: `p99 <= ${SLOWDOWN_MAX} x without`,
    measured: `${ratio.toFixed(2)} x`,
    detail: `p99 ${median(p99s).toFixed(1)} to ${median(calm).toFixed(1)} ms ` +
      `to a viewer, ${perSec.toFixed(0)} drops a second, ` +
      `server ${(100 * cpuShare).toFixed(0)} %`,
    isMet: ratio <= SLOWDOWN_MAX && ownReconnects === 0 && perSec > 0,
  };
}

function memoryRow({ drops }: Beside, grownMb: number): Row {
  return {
    name: "memory held after that",
    goal: `<= ${GROWN_MB_MAX} MB more`,
    measured: `${grownMb.toFixed(1)} MB`,
    detail: `${drops} connections were dropped`,
    isMet: grownMb <= GROWN_MB_MAX,
  };
}

/** The p99 of each turn, in ms. */
async function turns(viewer: ViewersProcess, count: number): Promise<number[]> {
  const p99s: number[] = [];
  await viewer.takeHeard();
  while (p99s.length < count) {
    await pause(TURN_MS);
    const { latency } = await viewer.takeHeard();
    if (latency.count === 0) throw new Error("Cannot compare: nothing came");
    p99s.push(latency.p99Ms);
  }
  return p99s;
}

/** Connections that were over so far, for whatever reason. */
async function dropsOf(live: LiveParlor): Promise<number> {
  const pattern = /live_link_faults_total\{[^}]*\} (\d+)/g;
  return [...(await live.metrics()).matchAll(pattern)]
    .reduce((sum, [, count]) => sum + Number(count), 0);
}

async function heldMb({ pid }: LiveParlor): Promise<number> {
  return await heldBytes(pid) / 1e6;
}

function inMs(values: readonly number[]): string {
  return values.map((value) => value.toFixed(1)).join(" ");
}
