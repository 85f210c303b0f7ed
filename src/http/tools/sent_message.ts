/**
 * A message that was accepted, as its sender is shown it.
 *
 * @module
 */

import { inTime } from "../../base/deadline.ts";
import type { Author, Outcome } from "../../room/room_input.ts";
import { chatMessage } from "../../wire/chat_entry.ts";
import type { ChatCommand } from "../../wire/command.ts";
import type { LogEntry } from "../../wire/entry.ts";
import type { ToolsDeps } from "./tools_deps.ts";

/** How long the first of two equal messages is looked for, in ms. */
export const LOOK_UP_MS_MAX = 5000;

/** Where the first of two equal messages is looked up. */
export type SentSources = Pick<
  ToolsDeps,
  "clock" | "log" | "messages" | "recorder"
>;

/** What was sent, by whom, and what became of it. */
export interface Sent {
  readonly author: Author;
  readonly command: ChatCommand;
  readonly outcome: Outcome;
}

/** Where a message stands. */
interface Place {
  readonly seq: number;
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
}

/**
 * The same object as in the socket's `chat_message`, with the sender's id. Of a
 * message that was sent before, it shows what was said then; only where it
 * stands, when that cannot be looked up.
 */
export async function sentMessage(
  roomId: string,
  sent: Sent,
  sources: SentSources,
): Promise<object> {
  const { author, command, outcome } = sent;
  const place = placeOf(outcome);
  const entry = outcome.isRepeated
    ? await firstEntry(roomId, place, sources)
    : newEntry(roomId, sent, place);
  const { clientMsgId } = command;
  return {
    ...(entry === undefined
      ? { id: place.seq, sender: author.userId, is_own: true }
      : chatMessage(entry, author.userId)),
    ...(clientMsgId === undefined ? {} : { client_msg_id: clientMsgId }),
  };
}

function placeOf({ seq, id, at }: Outcome): Place {
  if (seq !== null && id !== null && at !== null) return { seq, id, at };
  throw new Error("Cannot show what was sent: it made no log entry");
}

function newEntry(
  roomId: string,
  { author, command }: Sent,
  place: Place,
): LogEntry<"message"> {
  const { type: _, ...said } = command;
  return {
    ...place,
    roomId,
    kind: "message",
    actor: author.userId,
    payload: { ...said, nickname: author.nickname, isAdmin: false },
  };
}

/** The message was accepted: what fails here is not the sender's to hear. */
async function firstEntry(
  roomId: string,
  { seq }: Place,
  { clock, log, messages, recorder }: SentSources,
): Promise<LogEntry<"message"> | undefined> {
  async function lookUp() {
    await recorder.flushRoom(roomId);
    return await messages.message(roomId, seq);
  }
  const deadline = { clock, msMax: LOOK_UP_MS_MAX, late: undefined };
  try {
    return await inTime(lookUp(), deadline);
  } catch (cause) {
    const event = "sent_message_not_read";
    log.warn("A message that was sent twice could not be looked up", {
      event,
      room: roomId,
      cause,
    });
    return undefined;
  }
}
