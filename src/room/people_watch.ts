/**
 * Whether a room's people are others than when one last looked.
 *
 * It compares and is not told, so that nothing that changes a room has to
 * think of it.
 *
 * @module
 */

import type { RoomState } from "./room_state.ts";

/** Looks at one room. */
export class PeopleWatch {
  readonly #state: RoomState;
  #chat: RoomState["chat"];
  #changeCount: number;

  constructor(state: RoomState) {
    this.#state = state;
    this.#chat = state.chat;
    this.#changeCount = state.presence.changeCount;
  }

  /**
   * Whether the participants have changed, or a user came or went, since the
   * last call.
   */
  hasChanged(): boolean {
    const { chat, presence: { changeCount } } = this.#state;
    if (chat === this.#chat && changeCount === this.#changeCount) return false;
    this.#chat = chat;
    this.#changeCount = changeCount;
    return true;
  }
}
