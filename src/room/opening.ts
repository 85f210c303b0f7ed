/**
 * How a waiting room gets its second participant, and becomes active.
 *
 * @module
 */

import type { OperatorCommand } from "../wire/command.ts";
import type { LogEntry } from "../wire/entry.ts";
import { ChatError } from "../wire/errors.ts";
import type { TurnContext } from "./room_effects.ts";
import type { RoomState } from "./room_state.ts";
import { tell } from "./tell.ts";

/**
 * Opens a room for a newcomer, who may enter from here on.
 *
 * What else the command names is kept in the same write: a match and its room
 * are both there after a crash, or neither is.
 *
 * @throws ChatError `bad_request` unless the room waits, and for another user;
 * `storage_unavailable`.
 */
export function openRoom(
  state: RoomState,
  { newcomer, records }: Extract<OperatorCommand, { type: "open" }>,
  context: TurnContext,
): LogEntry {
  const { chat } = state;
  const first = chat?.participants[0];
  const isWaiting = chat !== null && first !== undefined && chat.isWaiting;
  if (!isWaiting || first.userId === newcomer.userId) {
    throw new ChatError("bad_request", {
      message: "Only a waiting room opens, for another user than its first",
    });
  }
  const participants = [first, newcomer];
  const entry = state.require(
    { kind: "open", actor: null, payload: { participants } },
    context,
    records,
  );
  state.chat = { ...chat, participants, isWaiting: false };
  tell(entry, state, context.effects);
  return entry;
}
