/**
 * What a lively room says to one connection, as that is told to misbehave.
 *
 * @module
 */

import type { Misbehaviour } from "./live_misbehaviour.ts";
import type { LivelyRoom } from "./lively_room.ts";
import type { UpstreamConnection } from "./live_upstream_connection.ts";

/** How often a lively room says what has come up, in ms. */
export const TICK_MS = 20;

export class Chatter {
  readonly #room: LivelyRoom;
  readonly #connection: UpstreamConnection;
  readonly #how: Misbehaviour | undefined;
  /** Messages that time has brought up and nobody has said; the first is. */
  #owed = 1;

  constructor(
    room: LivelyRoom,
    connection: UpstreamConnection,
    how: Misbehaviour | undefined,
  ) {
    this.#room = room;
    this.#connection = connection;
    this.#how = how;
  }

  /** Says what a tick brings at so many messages a second. */
  tick(rate: number): void {
    const isQuiet = rate === 0 || this.#connection.isClogged;
    if (isQuiet) return;
    this.#owed += rate * TICK_MS / 1000;
    const messages: unknown[] = [];
    for (; this.#owed >= 1; this.#owed--) messages.push(this.#room.next());
    for (const message of distorted(messages, this.#how)) {
      this.#connection.send(message);
    }
  }
}

/** Messages as a connection that misbehaves says them. */
function distorted(
  messages: readonly unknown[],
  how: Misbehaviour | undefined,
): readonly unknown[] {
  switch (how?.kind) {
    case "duplicate":
      return messages.flatMap((message) => [message, message]);
    case "one_bad":
      return messages.flatMap((message) => ['{"type":', message]);
    case "reorder":
      return messages.map((message, index) =>
        messages[index % 2 === 0 ? index + 1 : index - 1] ?? message
      );
  }
  return messages;
}
