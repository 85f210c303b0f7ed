/**
 * What may happen in one step: by clients, by the operator, by the machine.
 *
 * @module
 */

import { settle } from "../support/fake_clock.ts";
import { carryOut, postTo } from "./asks.ts";
import { Client } from "./client.ts";
import {
  command,
  one,
  operatorCommand,
  roomSpec,
  someSeqs,
} from "./commands.ts";
import { ADMIN, USERS } from "./people.ts";
import { crash, stopAndStart } from "./restart.ts";
import { SQLITE_BUSY, SQLITE_FULL } from "./memory_database.ts";
import type { SimWorld } from "./sim_world.ts";
import type { WatchedActor } from "./watched_actor.ts";

type Action = (world: SimWorld) => void | Promise<void>;

const ROOMS_MAX = 3;

/** Clients in a crowded run: more than one slice of a delivery reaches. */
const HALL_SIZE = 90;

/** Each action and how often it is taken, beside the others. */
const ACTIONS: readonly (readonly [number, Action])[] = [
  [14, join],
  [5, leave],
  [24, say],
  [4, flood],
  [2, passBy],
  [8, adminCommand],
  [2, strangerCommand],
  [6, operate],
  [6, post],
  [6, markRead],
  [2, type],
  [3, stall],
  [5, read],
  [2, history],
  [2, faultDisk],
  [2, faultDatabase],
  [4, heal],
  [8, passTime],
  [2, createRoom],
  [1, endRoom],
  [1, flush],
  [2, crash],
  [1, stopAndStart],
];

const WEIGHT = ACTIONS.reduce((sum, [weight]) => sum + weight, 0);

/** Takes one action, then some of the turns that follow from it. */
export async function act(world: SimWorld): Promise<string> {
  const { random } = world;
  let draw = random.integer(1, WEIGHT);
  const [, action] = ACTIONS.find(([weight]) => (draw -= weight) <= 0) ??
    [1, passTime] as const;
  if (world.durability === "fsync") paceSyncs(world);
  await action(world);
  await settle();
  for (let slices = random.integer(0, 3); slices > 0; slices--) {
    world.server.slice();
    await settle();
  }
  return action.name;
}

/** A sync takes some steps, so that others come to wait for the next one. */
function paceSyncs({ disk, random }: SimWorld): void {
  const draw = random.integer(1, 6);
  if (draw === 1) disk.areSyncsHeld = true;
  if (draw === 2) disk.releaseSyncs();
}

function chance(world: SimWorld, percent: number): boolean {
  return world.random.integer(1, 100) <= percent;
}

function room(world: SimWorld): WatchedActor | undefined {
  return one(world, [...world.server.actors.values()]);
}

function client(world: SimWorld): Client | undefined {
  world.clients = world.clients.filter((one) => {
    if (one.isGone) world.remember(one);
    return !one.isGone;
  });
  return one(world, world.clients);
}

function join(world: SimWorld): void {
  const actor = room(world);
  if (actor === undefined) return createRoom(world);
  connect(world, actor, one(world, USERS) ?? ADMIN);
  const isEmptyHall = world.isCrowded && world.clients.length < HALL_SIZE;
  if (!isEmptyHall) return;
  for (let count = 0; count < HALL_SIZE / 3; count++) {
    connect(world, actor, `fan${world.ids.uuid().slice(-4)}`);
  }
}

function connect(
  world: SimWorld,
  actor: WatchedActor,
  userId: string,
): void {
  const { server, promises, verdict } = world;
  const known = chance(world, 80)
    ? world.known.get(`${actor.id} ${userId}`)
    : undefined;
  const isOdd = chance(world, 5);
  const epoch = chance(world, 50) ? "another" : actor.state.epoch;
  const resume = isOdd
    ? { sinceSeq: world.random.integer(0, 300), epoch }
    : known ?? null;
  world.clients.push(
    new Client({
      server,
      actor,
      roomId: actor.id,
      userId,
      id: world.ids.uuid(),
      isAdmin: userId === ADMIN,
      isBatched: chance(world, 50),
      isPersonal: chance(world, 50),
      resume,
      promises,
      verdict,
      now: () => world.clock.now(),
      isKept: (id) => world.isKept(id),
    }),
  );
}

function leave(world: SimWorld): void {
  const leaver = client(world);
  // What it said last must be handled before it is gone.
  if (chance(world, 50)) leaver?.say(text(world), name(world));
  leaver?.drop(chance(world, 50) ? 1000 : 1006);
}

function say(world: SimWorld): void {
  client(world)?.say(text(world), name(world));
}

function flood(world: SimWorld): void {
  const flooder = client(world);
  for (let count = world.random.integer(5, 50); count > 0; count--) {
    flooder?.say(text(world), name(world));
  }
  if (chance(world, 50)) adminCommand(world);
  if (chance(world, 30)) flooder?.drop(1006);
}

/** Someone comes and is gone at once, behind a crowd of an admin's events. */
function passBy(world: SimWorld): void {
  const actor = room(world);
  if (actor === undefined) return;
  for (let count = world.random.integer(0, 20); count > 0; count--) {
    const payload = { type: "system", message: "hello all" } as const;
    carryOut(payload, actor, world);
  }
  connect(world, actor, one(world, USERS) ?? ADMIN);
  world.clients.at(-1)?.drop(1006);
}

/** A text that is sent once only. */
function text({ ids, random }: SimWorld): string {
  return `said ${ids.uuid()} ${"x".repeat(random.integer(0, 60))}`;
}

/** A name that may have been used before; often none. */
function name(world: SimWorld): string | undefined {
  if (chance(world, 40)) return undefined;
  return `send-${world.random.integer(1, 400)}`;
}

function adminCommand(world: SimWorld): void {
  const admins = world.clients.filter((one) =>
    one.userId === ADMIN && !one.isGone
  );
  const admin = one(world, admins);
  if (admin === undefined) return;
  const [type, payload] = command(world, admin.actor);
  admin.send(type, payload);
}

function strangerCommand(world: SimWorld): void {
  const stranger = client(world);
  if (stranger === undefined) return;
  const [type, payload] = command(world, stranger.actor);
  stranger.send(type, payload);
}

function operate(world: SimWorld): void {
  const actor = room(world);
  if (actor === undefined) return;
  carryOut(operatorCommand(world, actor), actor, world);
}

function post(world: SimWorld): void {
  const actor = room(world);
  if (actor === undefined) return;
  postTo(actor, world, { content: text(world), clientMsgId: name(world) });
}

function markRead(world: SimWorld): void {
  const reader = client(world);
  if (reader === undefined) return;
  const seqs = someSeqs(world.random, reader.actor);
  reader.send("MarkRead", { seqs });
}

function type(world: SimWorld): void {
  client(world)?.send("Typing", {});
}

function endRoom(world: SimWorld): void {
  const actor = room(world);
  if (actor === undefined) return;
  carryOut({ type: "end", reason: "closed" }, actor, world);
}

function stall(world: SimWorld): void {
  client(world)?.stall();
}

function read(world: SimWorld): void {
  client(world)?.read();
}

function history(world: SimWorld): void {
  const reader = client(world);
  if (reader === undefined) return;
  const seq = world.random.integer(0, reader.actor.state.lastSeq + 2);
  const range = chance(world, 50)
    ? { after_seq: seq }
    : { before_seq: seq + 1 };
  reader.send("History", { ...range, limit: world.random.integer(1, 60) });
}

function faultDisk({ disk, random }: SimWorld): void {
  const fault = random.integer(0, 5);
  if (fault === 0) disk.freeBytes = 0;
  if (fault === 1) disk.freeBytes = random.integer(1, 2000);
  if (fault === 2 || fault === 5) disk.canTruncate = false;
  if (fault === 5) disk.freeBytes = random.integer(1, 2000);
  if (fault === 3) disk.canSync = false;
  if (fault === 4) disk.areSyncsHeld = true;
}

function faultDatabase(world: SimWorld): void {
  const { database } = world;
  if (chance(world, 40)) database.isHeld = true;
  else database.failureCode = chance(world, 50) ? SQLITE_FULL : SQLITE_BUSY;
}

function heal(world: SimWorld): void {
  if (chance(world, 50)) world.disk.heal();
  else world.database.heal();
}

async function passTime({ clock, random }: SimWorld): Promise<void> {
  const isLong = random.integer(1, 20) === 1;
  await clock.advance(isLong ? 40_000 : random.integer(1, 1500));
}

function createRoom(world: SimWorld): void {
  const { server } = world;
  if (server.actors.size >= ROOMS_MAX) return;
  server.create(roomSpec(world));
}

function flush({ server }: SimWorld): void {
  server.recorder.flushAll().catch(() => {});
}
