/**
 * The gate of the chat dialect.
 *
 * Who it is comes before the room: nobody learns which rooms there are without
 * a login, and a public room that is made on first entry has a first visitor.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { isForUsers } from "../room/admission.ts";
import type { RoomActor } from "../room/room_actor.ts";
import { ChatError } from "../wire/errors.ts";
import type { Person } from "../wire/person.ts";
import { ROOM_ID_CHARS_MAX } from "../wire/limits.ts";
import {
  type Admission,
  type Gate,
  type Knock,
  requireUpgrade,
} from "./gate.ts";
import type { LoginDesk } from "./login_desk.ts";
import {
  requireAdminProof,
  requireNoBan,
  requireParticipant,
} from "./room_access.ts";
import type { ServerBounds } from "./server_bounds.ts";
import { visitorOf } from "./visitor.ts";

/** The rooms that there are, were, or may come to be. */
export interface EnterableRooms {
  /** A room that has not ended. */
  find(roomId: string): RoomActor | undefined;
  /** Whether a room of this id has ended; it may read the database. */
  hasEnded(roomId: string): Promise<boolean>;
  /**
   * The public room of an id, made for its first visitor; `undefined` when the
   * id is not a public room's.
   *
   * @throws ChatError `too_many_rooms` or `storage_unavailable`.
   */
  makePublic(roomId: string, person: Person): RoomActor | undefined;
}

export interface ChatGateOptions {
  readonly bounds: ServerBounds;
  readonly clock: Clock;
  readonly login: LoginDesk;
  readonly rooms: EnterableRooms;
}

/** Most look-ups of rooms that are not in memory, at a time. */
const LOOK_UPS_MAX = 100;

/** Decides on the upgrades of the chat dialect. */
export class ChatGate implements Gate {
  readonly #options: ChatGateOptions;
  #lookUpCount = 0;

  constructor(options: ChatGateOptions) {
    this.#options = options;
  }

  async admit(knock: Knock): Promise<Admission> {
    const { bounds, clock, login } = this.#options;
    const { request, roomId } = knock;
    bounds.requirePlace(knock.ip);
    login.requireOrigin(request);
    requireUpgrade(request);
    const visitor = visitorOf(await login.identify(knock), roomId);
    const actor = await this.#requireRoom(roomId, visitor);
    requireNoBan(actor.state, visitor, clock.now());
    requireParticipant(actor.state, visitor);
    requireAdminProof(actor.state, visitor);
    return { actor, visitor };
  }

  async #requireRoom(roomId: string, person: Person): Promise<RoomActor> {
    const { rooms } = this.#options;
    const live = rooms.find(roomId);
    if (live !== undefined) return requireForUsers(live);
    const isPossible = roomId !== "" && roomId.length <= ROOM_ID_CHARS_MAX;
    if (isPossible) {
      await this.#requireNotEnded(roomId);
      const { userId, nickname } = person;
      // Somebody else may have been its first visitor meanwhile.
      const made = rooms.find(roomId) ??
        rooms.makePublic(roomId, { userId, nickname });
      if (made !== undefined) return requireForUsers(made);
    }
    throw new ChatError("room_not_found");
  }

  async #requireNotEnded(roomId: string): Promise<void> {
    if (this.#lookUpCount >= LOOK_UPS_MAX) {
      throw new ChatError("busy", { retryAfterMs: 1000 });
    }
    this.#lookUpCount += 1;
    try {
      const hasEnded = await this.#options.rooms.hasEnded(roomId);
      if (hasEnded) throw new ChatError("room_ended");
    } finally {
      this.#lookUpCount -= 1;
    }
  }
}

function requireForUsers(actor: RoomActor): RoomActor {
  if (isForUsers(actor.state)) return actor;
  throw new ChatError("room_not_found");
}
