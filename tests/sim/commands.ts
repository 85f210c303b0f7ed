/**
 * What admins and operators may say in a simulation, and to whom.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import type { OperatorCommand } from "../../src/wire/command.ts";
import type { SimWorld } from "./sim_world.ts";
import type { WatchedActor } from "./watched_actor.ts";

/** Everyone who comes more than once; the last is an admin. */
export const USERS = ["ann", "bob", "cid", "dan", "eve", "adm"];

/** Who proves to be an admin. */
export const ADMIN = "adm";

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
  ];
  return one(world, commands) ?? { type: "unban", userId };
}
