/**
 * How long an admin's event takes while someone else floods the room.
 *
 * Some members read at once and are timed. They are a process of
 * their own, so that what the others cost delays none of them, and they joined
 * last, so that they are also the last to be told.
 *
 * @module
 */

import type { Sending } from "./load_job.ts";
import { CHAT, listeningJob, LoadProcess } from "./load_process.ts";
import { ADMIN_INDEX } from "./parlor_process.ts";
import { warnLine } from "./print.ts";
import type { Row } from "./report.ts";
import { type BenchServer, startParlor } from "./servers.ts";

const TIMED_MEMBERS = 50;
const OTHER_MEMBERS = 950;
const P99_MS_MAX = 50;

/** More than a room can say in five seconds, one frame each. */
const FLOOD_IN_FLIGHT = 2000;

const EVENT = {
  kind: "E",
  frame:
    '{"type":"CustomEvent","payload":{"event_type":"bench","payload":"{t}"}}',
  isBinary: false,
} as const;
const EVENT_EVERY_MS = 50;
const WARM_UP_MS = 2000;

/** The others read seldom: what is timed is the server, not their load. */
const READ_PAUSE_MS = 100;

const UNMEASURED = { senders: 1, warmUpMs: 0, serverPid: null };

/** Sends an event every 50 ms for a time, in ms. */
export async function priorityRow(sendMs: number): Promise<Row> {
  await using server = await startParlor();
  await using others = new LoadProcess(floodJob(server, sendMs));
  await others.opened();
  await using timed = new LoadProcess(eventJob(server, sendMs));
  await timed.opened();
  const flood = others.run();
  const { latency, missing } = await timed.run();
  const { sent } = await flood;
  const { count, p50Ms, p99Ms, maxMs } = latency;
  warnLine(
    `event: ${count} deliveries, p50 ${p50Ms.toFixed(1)} ms, ` +
      `p99 ${p99Ms.toFixed(1)} ms, max ${maxMs.toFixed(1)} ms, ` +
      `while ${sent} messages were sent`,
  );
  return {
    name: "an admin's event in a flood",
    goal: `p99 <= ${P99_MS_MAX} ms`,
    measured: `${p99Ms.toFixed(1)} ms`,
    detail: `${count} deliveries, ${missing} missing, p50 ${
      p50Ms.toFixed(1)
    } ms`,
    isMet: missing === 0 && count > 0 && p99Ms <= P99_MS_MAX,
  };
}

/** Longer than the events are sent, so that none of them finds a calm room. */
function floodJob(server: BenchServer, eventsMs: number) {
  const sending: Sending = {
    ...CHAT,
    ...UNMEASURED,
    pace: { inFlight: FLOOD_IN_FLIGHT },
    sendMs: eventsMs + WARM_UP_MS + 1000,
  };
  return {
    ...listeningJob(server, OTHER_MEMBERS),
    readPauseMs: READ_PAUSE_MS,
    sending,
  };
}

function eventJob(server: BenchServer, sendMs: number) {
  const sending: Sending = {
    ...EVENT,
    ...UNMEASURED,
    warmUpMs: WARM_UP_MS,
    pace: { everyMs: EVENT_EVERY_MS },
    sendMs,
  };
  return {
    ...listeningJob(server, TIMED_MEMBERS),
    headers: server.adminHeaders,
    firstIndex: ADMIN_INDEX,
    readPauseMs: 0,
    sending,
  };
}
