/**
 * The gate before a room: every reason to refuse an upgrade, in order.
 *
 * The order is seed 2's (COMPAT 2.1): the server's bound first, then the room,
 * then the names, then who it is. A refusal is JSON with the table's status.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { RoomActor } from "../room/room_actor.ts";
import { ChatError } from "../wire/errors.ts";
import type { ConnectionTable } from "./connection_table.ts";
import { isOriginAllowed } from "./origin.ts";
import { claimOf, type Visitor, type VisitorDesk } from "./visitor.ts";

export interface GateOptions {
  readonly clock: Clock;
  readonly connections: ConnectionTable;
  readonly connectionsMax: number;
  /** 0 is no bound. */
  readonly connectionsPerIpMax: number;
  readonly allowedOrigins: readonly string[];
  readonly desk: VisitorDesk;
  readonly findRoom: (roomId: string) => RoomActor | undefined;
  /** Whether the server is about to stop. */
  readonly isDraining: () => boolean;
}

/** A request that asks for a room. */
export interface Knock {
  readonly request: Request;
  readonly url: URL;
  readonly roomId: string;
  readonly ip: string;
}

/** Who may enter where. */
export interface Admission {
  readonly actor: RoomActor;
  readonly visitor: Visitor;
}

/** Decides on every upgrade of one server. */
export class Gate {
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * Lets a visitor in, who still needs a place: while it is learnt who it is,
   * others may have taken the last one.
   *
   * @throws ChatError with the reason why not.
   */
  async admit(knock: Knock): Promise<Admission> {
    this.requirePlace(knock);
    const actor = this.#requireRoom(knock.roomId);
    const { desk } = this.#options;
    const claim = claimOf(knock.request, knock.url);
    desk.requireNames(claim);
    requireUpgrade(knock.request);
    const visitor = await desk.identify(claim, knock.roomId);
    this.#requireWelcome(actor, visitor);
    return { actor, visitor };
  }

  /**
   * Requires that the server takes one more connection now.
   *
   * @throws ChatError with the reason why not.
   */
  requirePlace({ request, ip }: Knock): void {
    const { connections, connectionsMax, connectionsPerIpMax } = this.#options;
    if (this.#options.isDraining()) throw new ChatError("shutting_down");
    if (connections.count >= connectionsMax) {
      throw new ChatError("too_many_connections");
    }
    const isIpBounded = connectionsPerIpMax > 0;
    if (isIpBounded && connections.countOf(ip) >= connectionsPerIpMax) {
      throw new ChatError("too_many_from_ip");
    }
    const origin = request.headers.get("origin");
    if (!isOriginAllowed(origin, this.#options.allowedOrigins)) {
      throw new ChatError("origin_refused");
    }
  }

  #requireRoom(roomId: string): RoomActor {
    const actor = this.#options.findRoom(roomId);
    if (actor !== undefined) return actor;
    const message = `Room ${roomId} not found`;
    throw new ChatError("room_not_found", { message });
  }

  #requireWelcome(actor: RoomActor, visitor: Visitor): void {
    const { userId, isProven } = visitor;
    const { adminUserIds, bans } = actor.state;
    if (adminUserIds.has(userId) && !isProven) {
      throw new ChatError("admin_proof_required");
    }
    if (bans.find(userId, this.#options.clock.now())) {
      throw new ChatError("user_banned");
    }
  }
}

function requireUpgrade(request: Request): void {
  const upgrade = request.headers.get("upgrade");
  if (upgrade?.toLowerCase() === "websocket") return;
  throw new ChatError("upgrade_required");
}
