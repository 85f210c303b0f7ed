/**
 * A room as a guest has it: to be read, and nothing to be said in it.
 *
 * @module
 */

import { ChatError } from "../wire/errors.ts";
import type { RoomPort } from "./conversation.ts";

/** Reads like the room; whatever is submitted is refused. */
export class GuestRoom implements RoomPort {
  readonly #room: Omit<RoomPort, "submit">;

  constructor(room: Omit<RoomPort, "submit">) {
    this.#room = room;
  }

  get id(): string {
    return this.#room.id;
  }

  get log(): RoomPort["log"] {
    return this.#room.log;
  }

  /** @throws ChatError `login_required`, always. */
  submit(): never {
    throw new ChatError("login_required");
  }
}
