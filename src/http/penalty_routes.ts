/**
 * Bans and mutes: list, add, lift.
 *
 * @module
 */

import { type Context, Hono } from "@hono/hono";
import { z } from "zod";
import type { Penalty } from "../store/store.ts";
import { DEVICE_CHARS_MAX } from "../wire/limits.ts";
import { boundedText } from "../wire/text.ts";
import {
  cappedInteger,
  durationSecs,
  POSITION_MAX,
  queryInteger,
} from "./fields.ts";
import type { HttpDeps } from "./http_deps.ts";
import type { RoomHandle } from "./ports.ts";
import { readBody, readParam, readQuery } from "./request_input.ts";
import { penaltyBody } from "./member_body.ts";
import { liveRoom } from "./room_lookup.ts";

/** One kind of penalty, in the words of the API and of the room. */
interface PenaltyKind {
  readonly word: "bans" | "mutes";
  readonly add: "ban" | "mute";
  readonly lift: "unban" | "unmute";
  readonly list: (room: RoomHandle) => readonly Penalty[];
}

const KINDS: readonly PenaltyKind[] = [
  { word: "bans", add: "ban", lift: "unban", list: (room) => room.bans() },
  { word: "mutes", add: "mute", lift: "unmute", list: (room) => room.mutes() },
];

const LIST_QUERY = z.object({
  limit: cappedInteger(10_000).default(1000),
  offset: queryInteger(0, POSITION_MAX).default(0),
});

/** `/management/rooms/{id}/bans` and `…/mutes`. */
export function penaltyRoutes(deps: Pick<HttpDeps, "rooms" | "limits">): Hono {
  // The id of a user, or of a device in a room of theirs.
  const user = targetSchemas(deps.limits.userIdCharsMax);
  const device = targetSchemas(DEVICE_CHARS_MAX);
  function schemasOf(room: RoomHandle): TargetSchemas {
    return room.facts().kind === "device" ? device : user;
  }
  const app = new Hono();
  for (const kind of KINDS) {
    const path = `/:room_id/${kind.word}` as const;
    app.get(path, (c) => {
      const roomId = c.req.param("room_id");
      return listPenalties(c, kind, liveRoom(deps.rooms, roomId));
    });
    app.post(path, async (c) => {
      const room = liveRoom(deps.rooms, c.req.param("room_id"));
      const body = await readBody(c, schemasOf(room).addition);
      const { seq } = await room.operate({ type: kind.add, ...body });
      return c.json({ seq });
    });
    app.delete(`${path}/:user_id`, async (c) => {
      const room = liveRoom(deps.rooms, c.req.param("room_id"));
      const userId = readParam(c, "user_id", schemasOf(room).target);
      await room.operate({ type: kind.lift, userId });
      return c.body(null, 200);
    });
  }
  return app;
}

type TargetSchemas = ReturnType<typeof targetSchemas>;

/** What names whom a penalty is for, in a path and in a body. */
function targetSchemas(charsMax: number) {
  const target = boundedText(charsMax);
  const addition = z.object({ user_id: target, duration_secs: durationSecs })
    .transform(({ user_id: userId, duration_secs: secs }) => ({
      userId,
      ...(secs === undefined ? {} : { durationSecs: secs }),
    }));
  return { target, addition };
}

function listPenalties(c: Context, kind: PenaltyKind, room: RoomHandle) {
  const { limit, offset } = readQuery(c, LIST_QUERY);
  const all = kind.list(room);
  return c.json({
    room_id: room.id,
    [kind.word]: all.slice(offset, offset + limit).map(penaltyBody),
    total: all.length,
  });
}
