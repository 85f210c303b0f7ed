/**
 * The gate of the rooms dialect.
 *
 * The order is seed 2's (COMPAT 2.1): the server's bound first, then the room,
 * then the names, then who it is.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { isForUsers } from "../room/admission.ts";
import type { RoomActor } from "../room/room_actor.ts";
import { ChatError } from "../wire/errors.ts";
import {
  type Admission,
  type Gate,
  type Knock,
  requireUpgrade,
} from "./gate.ts";
import { isOriginAllowed } from "./origin.ts";
import {
  requireAdminProof,
  requireNoBan,
  requireParticipant,
} from "./room_access.ts";
import type { ServerBounds } from "./server_bounds.ts";
import { claimOf, type VisitorDesk, visitorOf } from "./visitor.ts";

export interface RoomsGateOptions {
  readonly bounds: ServerBounds;
  readonly clock: Clock;
  readonly allowedOrigins: readonly string[];
  readonly desk: VisitorDesk;
  readonly findRoom: (roomId: string) => RoomActor | undefined;
}

/** Decides on the upgrades of the rooms dialect. */
export class RoomsGate implements Gate {
  readonly #options: RoomsGateOptions;

  constructor(options: RoomsGateOptions) {
    this.#options = options;
  }

  async admit({ ip, request, roomId, url }: Knock): Promise<Admission> {
    const { allowedOrigins, bounds, clock, desk } = this.#options;
    bounds.requirePlace(ip);
    if (!isOriginAllowed(request.headers.get("origin"), allowedOrigins)) {
      throw new ChatError("origin_refused");
    }
    const actor = this.#requireRoom(roomId);
    const claim = claimOf(request, url);
    desk.requireNames(claim);
    requireUpgrade(request);
    const visitor = visitorOf(await desk.identify(claim), roomId);
    requireAdminProof(actor.state, visitor);
    requireNoBan(actor.state, visitor, clock.now());
    requireParticipant(actor.state, visitor);
    return { actor, visitor };
  }

  #requireRoom(roomId: string): RoomActor {
    const actor = this.#options.findRoom(roomId);
    if (actor !== undefined && isForUsers(actor.state)) return actor;
    const message = `Room ${roomId} not found`;
    throw new ChatError("room_not_found", { message });
  }
}
