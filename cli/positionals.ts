/**
 * Positional arguments that many commands share.
 *
 * @module
 */

import { buildChoiceParser } from "@stricli/core";
import { ENDPOINT_NAMES } from "../src/wire/callback.ts";
import { roomsAnswer } from "./answers.ts";
import type { ApiClient } from "./api_client.ts";
import { withQuery } from "./api_path.ts";
import { nonEmpty } from "./arguments.ts";
import type { CommandScope } from "./command_scope.ts";
import { devicesAnswer } from "./device_answers.ts";
import { linksAnswer } from "./live_answers.ts";

/** How long a key press may wait for the server's list of rooms, in ms. */
const PROPOSAL_MS_MAX = 1000;
/** Most ids that one key press shows. */
const PROPOSALS_MAX = 200;

/** A room's id, completed from the rooms of the server. */
export const ROOM = {
  parse: nonEmpty,
  placeholder: "room",
  brief: "The room's id",
  proposeCompletions: proposer(roomIds),
} as const;

/** A device's id, completed from those that the server knows. */
export const DEVICE = {
  parse: nonEmpty,
  placeholder: "device",
  brief: "The device's id",
  proposeCompletions: proposer(deviceIds),
} as const;

/** A live room's id, completed from those that are kept connected. */
export const LIVE = {
  parse: nonEmpty,
  placeholder: "live-id",
  brief: "The live room's id",
  proposeCompletions: proposer(liveIds),
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

type IdReader = (api: ApiClient, partial: string) => Promise<string[]>;

/** Ids that begin so. A server that does not answer in time proposes none. */
function proposer(read: IdReader) {
  return async function propose(
    this: CommandScope,
    partial: string,
  ): Promise<readonly string[]> {
    const { promise: late, resolve } = Promise.withResolvers<string[]>();
    using _deadline = this.cli.clock.after(PROPOSAL_MS_MAX, () => resolve([]));
    const found = this.connect({ json: false })
      .then((api) => read(api, partial))
      .then((ids) => ids.filter((id) => id.startsWith(partial)))
      .catch(() => []);
    return (await Promise.race([late, found])).slice(0, PROPOSALS_MAX);
  };
}

async function roomIds(api: ApiClient): Promise<string[]> {
  const rooms = await api.get("/management/rooms", roomsAnswer);
  return rooms.map((room) => room.room_id);
}

async function liveIds(api: ApiClient): Promise<string[]> {
  const { active_rooms: ids } = await api.get("/api/live/status", linksAnswer);
  return ids;
}

/** Ids come in order, so those that begin so follow the beginning itself. */
async function deviceIds(api: ApiClient, partial: string): Promise<string[]> {
  const path = withQuery("/management/devices", {
    after: partial === "" ? undefined : partial,
    limit: PROPOSALS_MAX,
  });
  const { devices } = await api.get(path, devicesAnswer);
  return devices.map((device) => device.device_id);
}
