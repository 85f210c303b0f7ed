/**
 * What must be looked up before a command has its turn.
 *
 * A turn never waits, so what is only in the database is read beforehand; what
 * is in memory the room looks at itself.
 *
 * @module
 */

import type {
  OperatorCommand,
  PostCommand,
  RoomCommand,
} from "../wire/command.ts";
import type { LogWindow } from "./log_window.ts";

/** Whether the messages that a command is about are not all in memory. */
export function needsLookUp(command: RoomCommand, log: LogWindow): boolean {
  switch (command.type) {
    case "delete_message":
      return !log.areAtHand([command.seq]);
    case "read":
      return !log.areAtHand(command.seqs);
    default:
      return false;
  }
}

/**
 * Makes a command ready for its turn, at once when nothing must be read.
 *
 * @param userId who asks; it matters for what users do only.
 * @throws ChatError `message_not_found`, at once or as a rejection.
 */
export function lookUp<
  Command extends RoomCommand | PostCommand | OperatorCommand,
>(
  command: Command,
  log: LogWindow,
  userId: string,
): Command | Promise<Command> {
  if (command.type === "delete_message") {
    const found = log.requireMessage(command.seq);
    return found instanceof Promise ? found.then(() => command) : command;
  }
  if (command.type !== "read") return command;
  const seqs = log.unread(userId, command.seqs);
  return seqs instanceof Promise
    ? seqs.then((found) => ({ ...command, seqs: found }))
    : { ...command, seqs };
}
