/**
 * Positional arguments that many commands share.
 *
 * @module
 */

import { buildChoiceParser } from "@stricli/core";
import { ENDPOINT_NAMES } from "../src/wire/callback.ts";
import { roomsAnswer } from "./answers.ts";
import { nonEmpty } from "./arguments.ts";
import type { CommandScope } from "./command_scope.ts";

/** How long a key press may wait for the server's list of rooms, in ms. */
const PROPOSAL_MS_MAX = 1000;
/** Most ids that one key press shows. */
const PROPOSALS_MAX = 200;

/** A room's id, completed from the rooms of the server. */
export const ROOM = {
  parse: nonEmpty,
  placeholder: "room",
  brief: "The room's id",
  proposeCompletions: proposeRooms,
} as const;

/** A user's id. */
export const USER = {
  parse: nonEmpty,
  placeholder: "user",
  brief: "The user's id",
} as const;

/** A place that callbacks go to. */
export const ENDPOINT = {
  parse: buildChoiceParser(ENDPOINT_NAMES),
  placeholder: "endpoint",
  brief: ENDPOINT_NAMES.join(", "),
  proposeCompletions: (partial: string) =>
    ENDPOINT_NAMES.filter((name) => name.startsWith(partial)),
} as const;

/** Ids that begin so. A server that does not answer in time proposes none. */
async function proposeRooms(
  this: CommandScope,
  partial: string,
): Promise<readonly string[]> {
  const { promise: late, resolve } = Promise.withResolvers<string[]>();
  using _deadline = this.cli.clock.after(PROPOSAL_MS_MAX, () => resolve([]));
  return await Promise.race([late, roomIds(this, partial).catch(() => [])]);
}

async function roomIds(
  scope: CommandScope,
  partial: string,
): Promise<string[]> {
  const api = await scope.connect({ json: false });
  const rooms = await api.get("/management/rooms", roomsAnswer);
  return rooms.map((room) => room.room_id)
    .filter((id) => id.startsWith(partial))
    .slice(0, PROPOSALS_MAX);
}
