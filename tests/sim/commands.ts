/**
 * What admins and operators may say in a simulation, and to whom.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import type { NewRoomSpec } from "../../src/room/room_registry.ts";
import type {
  ChatCommand,
  OperatorCommand,
  PostCommand,
} from "../../src/wire/command.ts";
import type { ChatSpec } from "../../src/wire/record.ts";
import type { SeededRandom } from "../support/seeded_random.ts";
import { ADMIN, person, USERS } from "./people.ts";
import type { SimWorld } from "./sim_world.ts";
import type { WatchedActor } from "./watched_actor.ts";

/** One of a list; `undefined` when it is empty. */
export function one<Item>(
  world: SimWorld,
  list: readonly Item[],
): Item | undefined {
  return list[world.random.integer(0, list.length - 1)];
}

/** A frame that only an admin may send: its type and payload. */
export function command(
  world: SimWorld,
  actor: WatchedActor,
): [string, unknown] {
  const userId = one(world, USERS.slice(0, -1));
  const { random } = world;
  const target = { user_id: userId };
  const timed = { ...target, duration_secs: random.integer(1, 4) };
  const seq = random.integer(1, actor.state.lastSeq + 2);
  const commands: [string, unknown][] = [
    ["KickUser", target],
    ["BanUser", timed],
    ["UnbanUser", target],
    ["UnbanUser", target],
    ["MuteUser", timed],
    ["UnmuteUser", target],
    ["CustomEvent", { event_type: "e", payload: { of: userId } }],
    ["CustomEvent", { event_type: "e", payload: null }],
    ["DeleteMessage", { seq }],
  ];
  return one(world, commands) ?? ["UnbanUser", target];
}

/** What an operator may ask for, except the end of a room. */
export function operatorCommand(
  world: SimWorld,
  actor: WatchedActor,
): OperatorCommand {
  const { random } = world;
  const userId = one(world, USERS) ?? ADMIN;
  const commands: OperatorCommand[] = [
    { type: "system", message: "hello all" },
    { type: "kick", userId },
    { type: "unban", userId },
    { type: "unban", userId },
    { type: "mute", userId, durationSecs: random.integer(1, 9) },
    { type: "unmute", userId },
    { type: "set_admins", userIds: [ADMIN, userId] },
    { type: "set_settings", settings: { name: `Room ${random.fraction()}` } },
    {
      type: "set_settings",
      settings: { membersMax: random.integer(2, 5), slowModeSecs: null },
    },
    { type: "delete_message", seq: random.integer(1, actor.state.lastSeq + 1) },
    { type: "open", newcomer: person(userId), records: [] },
  ];
  return one(world, commands) ?? { type: "unban", userId };
}

/** What a user may post over HTTP. */
export function postCommand(
  { random }: SimWorld,
  actor: WatchedActor,
  chat: ChatCommand,
): PostCommand {
  const draw = random.integer(1, 4);
  if (draw === 1) return { type: "read", seqs: someSeqs(random, actor) };
  if (draw > 2) return chat;
  return {
    type: "delete_message",
    seq: random.integer(1, actor.state.lastSeq + 1),
  };
}

/** Numbers that a client may take for messages of others. */
export function someSeqs(
  random: SeededRandom,
  { state }: WatchedActor,
): number[] {
  const count = random.integer(1, 12);
  const isNew = random.integer(0, 2) > 0;
  const from = isNew ? Math.max(1, state.lastSeq - 15) : 1;
  return Array.from(
    { length: count },
    () => random.integer(from, state.lastSeq + 1),
  );
}

/** What a new room is: an operator's, or one of users, private or not. */
export function roomSpec(world: SimWorld): NewRoomSpec {
  const [ann, bob] = [person("ann"), person("bob")];
  const access = "participants";
  const chats: (ChatSpec | undefined)[] = [
    undefined,
    { access, participants: [ann, bob], isWaiting: false },
    { access, participants: [ann], isWaiting: true },
    { access: "open", participants: [ann], isWaiting: false },
  ];
  const chat = one(world, chats);
  return {
    name: "Room",
    slowModeSecs: null,
    membersMax: null,
    pinned: null,
    adminUserIds: [ADMIN],
    autoClose: false,
    ...(chat === undefined ? {} : { chat }),
  };
}
