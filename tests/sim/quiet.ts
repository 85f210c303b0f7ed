/**
 * What must hold at each step, and what once all faults are over and all work
 * is done.
 *
 * @module
 */

import type { LogEntry } from "../../src/wire/entry.ts";
import type { RoomPromise } from "./promises.ts";
import type { SimWorld } from "./sim_world.ts";

const ROWS_MAX = 100_000;

/** Time that all work gets to come to its end, in ms. */
const QUIET_MS = 2000;
const QUIET_STEP_MS = 100;

/** The longest wait between two attempts, and some, in ms. */
const FLUSH_MS_MAX = 40_000;

/** Holds whenever no promise is about to settle. */
export function checkStep({ promises, server, verdict }: SimWorld): void {
  const { acceptedCount, recorder, storedCount } = server;
  const pendingCount = recorder.pending.records;
  verdict.check(
    acceptedCount === storedCount + pendingCount,
    "stored and pending",
    () => `${acceptedCount} accepted, ${storedCount} + ${pendingCount}`,
  );
  for (const { id, state } of server.actors.values()) {
    const { sessionCount } = state.presence;
    verdict.check(
      sessionCount === server.stayCount(id),
      "members",
      () => `${sessionCount} are here of ${server.stayCount(id)}`,
    );
    const lastSeq = promises.rooms.get(id)?.lastSeq;
    verdict.check(
      state.lastSeq === lastSeq,
      "seq",
      () => `the room is at ${state.lastSeq}, its log at ${lastSeq}`,
    );
  }
}

/** Ends all faults, lets all work be done, and looks at everything. */
export async function checkQuiet(world: SimWorld): Promise<void> {
  const { clock, database, disk, random, server, verdict } = world;
  disk.heal();
  database.heal();
  for (const client of world.clients) client.read();
  for (let passedMs = 0; passedMs < QUIET_MS; passedMs += QUIET_STEP_MS) {
    await world.drain();
    await clock.advance(QUIET_STEP_MS);
  }
  await world.drain();
  if (random.integer(0, 1) === 0) await checkPatience(world);
  await server.recorder.flushAll().catch((error) => {
    verdict.fail("health", `a flush of a healthy database fails: ${error}`);
  });
  checkStep(world);
  checkClients(world);
  // A sync that fails leaves open whether the message survives.
  if (world.durability === "journal") world.promises.checkRefused();
  const { records } = server.recorder.pending;
  verdict.check(records === 0, "stored and pending", () => `${records} left`);
  for (const { depth } of server.actors.values()) {
    verdict.check(depth === 0, "lanes", () => `${depth} inputs still wait`);
  }
  await checkLogs(world);
}

/** What is pending is flushed in time without being asked for. */
async function checkPatience(world: SimWorld): Promise<void> {
  const { clock, server, verdict } = world;
  await clock.advance(FLUSH_MS_MAX);
  const { records } = server.recorder.pending;
  verdict.check(
    records === 0,
    "health",
    () => `${records} records are not flushed after ${FLUSH_MS_MAX} ms`,
  );
  await world.drain();
}

function checkClients({ clients, server, verdict }: SimWorld): void {
  const here = new Set<unknown>();
  for (const { state } of server.actors.values()) {
    for (const session of state.presence.sessions()) here.add(session);
  }
  for (const { actor, isGone, listener, session, userId } of clients) {
    const isHere = here.delete(session);
    verdict.check(
      isHere === !isGone,
      "members",
      () => `${userId} is ${isGone ? "gone and still here" : "not here"}`,
    );
    if (isGone) continue;
    verdict.check(
      listener.isWelcome && listener.knownSeq === actor.state.lastSeq,
      "hearing",
      () => `${userId} knows ${listener.knownSeq} of ${actor.state.lastSeq}`,
    );
    verdict.check(
      listener.isAnswered,
      "answers",
      () => `${userId} waits for an answer, or had one too many`,
    );
  }
  verdict.check(here.size === 0, "members", () => `${here.size} ghosts`);
}

/** Compares the database with all that was accepted. */
export async function checkLogs(world: SimWorld): Promise<void> {
  const { promises, server, verdict } = world;
  for (const [roomId, room] of promises.rooms) {
    const range = { afterSeq: 0, limit: ROWS_MAX };
    const log = await server.store.log(roomId, range);
    verdict.check(
      log.length === room.lastSeq,
      "kept",
      () => `room ${roomId} keeps ${log.length} of ${room.lastSeq}`,
    );
    log.forEach(({ seq, id }, index) => {
      verdict.check(seq === index + 1, "seq", () => `${seq} at ${index + 1}`);
      verdict.check(
        promises.entry(roomId, seq)?.id === id && !promises.isRefused(id),
        "kept",
        () => `${seq} is ${id}, which was not accepted there`,
      );
    });
    checkMarks(world, room, log);
    await checkStays(world, roomId);
  }
}

/** What the database says was read is what was marked. */
function checkMarks(
  { verdict }: SimWorld,
  room: RoomPromise,
  log: readonly LogEntry[],
): void {
  const marked = room.marked();
  for (const { kind, payload, seq } of log) {
    if (kind !== "message" || payload.deleted === true) continue;
    verdict.check(
      (payload.read === true) === marked.has(seq),
      "marks",
      () => `${seq} is read: ${payload.read}, marked: ${marked.has(seq)}`,
    );
  }
}

async function checkStays(world: SimWorld, roomId: string): Promise<void> {
  const { promises, server, verdict } = world;
  const { rows } = await server.store.sessions(roomId, {
    page: 1,
    limit: ROWS_MAX,
    closedOnly: false,
  });
  const { openedCount } = promises.rooms.get(roomId) ?? { openedCount: 0 };
  verdict.check(
    rows.length === openedCount,
    "kept",
    () => `${rows.length} of ${openedCount} stays are kept`,
  );
  const openCount = rows.filter(({ leftAt }) => leftAt === null).length;
  verdict.check(
    openCount === server.stayCount(roomId),
    "kept",
    () => `${openCount} stays are open of ${server.stayCount(roomId)}`,
  );
}
