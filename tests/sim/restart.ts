/**
 * The end of a process, sudden or ordered, and what the next one finds.
 *
 * @module
 */

import type { RoomState } from "../../src/room/room_state.ts";
import { settle } from "../support/fake_clock.ts";
import { checkLogs } from "./quiet.ts";
import type { SimWorld } from "./sim_world.ts";

/** The process is killed, or with `fsync` the power fails; then it starts. */
export async function crash(world: SimWorld): Promise<void> {
  const { database, disk, durability, random, server } = world;
  // What waited for a sync is told, and then nothing more is synced.
  if (random.integer(0, 1) === 0) disk.releaseSyncs();
  await settle();
  const before = standings(world);
  database.crash(random.integer(0, database.depth));
  const isPowerLoss = durability === "fsync" && random.integer(0, 1) === 0;
  if (isPowerLoss) disk.losePower();
  else disk.crash({ isTorn: random.integer(0, 2) === 0 });
  server.die();
  world.cutClients();
  await restart(world);
  if (isPowerLoss) await acceptLoss(world);
  else checkRecovered(world, before);
  await checkLogs(world);
}

/** The process is told to stop, with or without faults; then it starts. */
export async function stopAndStart(world: SimWorld): Promise<void> {
  const { clock, database, disk, server } = world;
  for (const { session } of world.clients) session.breakOff("shutting_down");
  await world.drain();
  let isStopped = false;
  void server.stop().then(() => isStopped = true);
  for (let round = 0; round < 100 && !isStopped; round++) {
    await clock.advance(100);
  }
  world.verdict.check(isStopped, "health", () => "the server does not stop");
  const before = standings(world);
  database.crash(0);
  disk.crash({ isTorn: false });
  server.die();
  world.cutClients();
  await restart(world);
  checkRecovered(world, before);
  await checkLogs(world);
}

async function restart(world: SimWorld): Promise<void> {
  // A process that hangs at its start says nothing of what is kept.
  if (world.database.isHeld) world.database.heal();
  if (world.random.integer(0, 1) === 0) world.database.heal();
  world.disk.heal();
  await world.start();
  await settle();
}

/** What a room must be again after a restart, as text. */
function standing(state: RoomState, now: number): string {
  return JSON.stringify({
    epoch: state.epoch,
    lastSeq: state.lastSeq,
    admins: [...state.adminUserIds].sort(),
    settings: Object.entries(state.settings).sort(),
    bans: state.bans.list(now).sort(byUser),
    mutes: state.mutes.list(now).sort(byUser),
    chat: state.chat,
    peakUsers: state.peakUsers,
    totalJoins: state.totalJoins,
    lastMessageAt: state.lastMessageAt,
  });
}

function byUser(left: { userId: string }, right: { userId: string }): number {
  return left.userId < right.userId ? -1 : 1;
}

function standings({ clock, server }: SimWorld): Map<string, string> {
  const all = new Map<string, string>();
  for (const { id, state } of server.actors.values()) {
    if (!state.isEnded) all.set(id, standing(state, clock.now()));
  }
  return all;
}

function checkRecovered(world: SimWorld, before: Map<string, string>): void {
  const after = standings(world);
  for (const [id, text] of before) {
    world.verdict.check(
      after.get(id) === text,
      "recovery",
      () => `room ${id} was ${text} and is ${after.get(id)}`,
    );
  }
  for (const id of after.keys()) {
    world.verdict.check(
      before.has(id),
      "recovery",
      () => `room ${id} had ended, or never was`,
    );
  }
}

/** After a power loss the log may end earlier, behind all that was safe. */
async function acceptLoss(world: SimWorld): Promise<void> {
  const { known, promises, server, verdict } = world;
  await server.recorder.flushAll();
  for (const [roomId, room] of promises.rooms) {
    const stored = await server.store.room(roomId);
    const lastSeq = stored?.lastSeq ?? 0;
    verdict.check(
      lastSeq >= room.safeSeq,
      "kept",
      () => `${room.safeSeq} was acknowledged, the log ends at ${lastSeq}`,
    );
    if (lastSeq < room.lastSeq) promises.cutTo(roomId, lastSeq);
    room.openedCount = stored?.totalJoins ?? 0;
    for (const [key, point] of known) {
      if (!key.startsWith(roomId) || point.sinceSeq <= lastSeq) continue;
      known.set(key, { ...point, sinceSeq: lastSeq });
    }
  }
}
