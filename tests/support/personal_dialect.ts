/**
 * A personal dialect: the rooms dialect, in which a reader is told which
 * entries are their own, and hears arrivals and notices.
 *
 * @module
 */

import type { ClientCommand } from "../../src/wire/command.ts";
import type { Decoded, Dialect } from "../../src/wire/dialect.ts";
import type { RoomEvent } from "../../src/wire/event.ts";
import { ROOMS } from "./fake_session.ts";

/** What a client of it may also say: `{type, payload}` of these. */
const COMMANDS: Record<string, (payload: never) => ClientCommand> = {
  MarkRead: ({ seqs }: { seqs: number[] }) => ({ type: "read", seqs }),
  Typing: () => ({
    type: "notice",
    notice: { type: "typing", isTyping: true },
  }),
};

export const PERSONAL: Dialect = {
  name: "personal",
  isPersonal: true,
  decode,
  encode,
};

function decode(text: string): Decoded {
  const { type, payload } = JSON.parse(text);
  const commandOf = COMMANDS[type];
  if (commandOf === undefined) return ROOMS.decode(text);
  return { ok: true, command: commandOf(payload as never) };
}

function encode(event: RoomEvent, readerId?: string): string | null {
  switch (event.type) {
    case "entry": {
      const frame = JSON.parse(ROOMS.encode(event) ?? "{}");
      const isOwn = readerId !== undefined && event.entry.actor === readerId;
      return JSON.stringify({ ...frame, is_own: isOwn });
    }
    case "arrived":
    case "departed":
      return JSON.stringify({ type: event.type, of: event.user.userId });
    case "notice": {
      const { notice, user } = event;
      return JSON.stringify({ type: notice.type, of: user.userId });
    }
    case "user_joined":
    case "user_left":
    case "room_stats":
      return null;
    default:
      return ROOMS.encode(event);
  }
}
