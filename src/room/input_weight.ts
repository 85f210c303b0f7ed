/**
 * How much an input holds in memory while it waits for its turn.
 *
 * What a client sends may be as large as a frame, and a lane has room for
 * thousands of them: it is bounded by weight, not only by count.
 *
 * @module
 */

import type { OperatorCommand, RoomCommand } from "../wire/command.ts";
import type { LiveMessage } from "../wire/live.ts";
import type { RoomInput } from "./room_input.ts";

/** What one number takes. */
const NUMBER_BYTES = 8;

/** UTF-16 units or bytes of what an input carries; 0 where that is bounded. */
export function inputWeight(input: RoomInput): number {
  switch (input.kind) {
    case "command":
    case "operate":
    case "post":
      return commandWeight(input.command);
    case "feed":
      return textWeight(input.messages);
    default:
      return 0;
  }
}

function textWeight(messages: readonly LiveMessage[]): number {
  let weight = 0;
  for (const { text } of messages) weight += text.length;
  return weight;
}

function commandWeight(command: RoomCommand | OperatorCommand): number {
  switch (command.type) {
    case "relay":
      return command.body.length + (command.targetId?.length ?? 0);
    case "chat": {
      const { content, fileUrl = "", fileName = "" } = command;
      return content.length + fileUrl.length + fileName.length;
    }
    case "read":
      return command.seqs.length * NUMBER_BYTES;
    case "query_room":
      return 0;
    default:
      return JSON.stringify(command).length;
  }
}
