/**
 * The gate of the live dialect.
 *
 * Watching needs no name: who gives none is a guest, also where everybody else
 * needs a token. Who gives one is checked like anywhere else, and a page's
 * login counts where it counts anywhere; a guest is who comes with another one.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import type { RoomActor } from "../room/room_actor.ts";
import { ChatError } from "../wire/errors.ts";
import { type Admission, type Knock, requireUpgrade } from "./gate.ts";
import type { LoginDesk } from "./login_desk.ts";
import { requireAdminProof, requireNoBan } from "./room_access.ts";
import type { ServerBounds } from "./server_bounds.ts";
import {
  type Claim,
  claimOf,
  type KnownUser,
  type VisitorDesk,
  visitorOf,
} from "./visitor.ts";

export interface LiveGateOptions {
  readonly bounds: ServerBounds;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly login: Pick<LoginDesk, "recall" | "requireOrigin">;
  readonly desk: VisitorDesk;
  /** The room of a live id that has not ended. */
  readonly findRoom: (liveId: string) => RoomActor | undefined;
}

/** Who may watch, and whether it is nobody in particular. */
export interface LiveAdmission extends Admission {
  readonly isGuest: boolean;
}

/** Decides on the upgrades of the live dialect. */
export class LiveGate {
  readonly #options: LiveGateOptions;

  constructor(options: LiveGateOptions) {
    this.#options = options;
  }

  /**
   * Lets a visitor in, who still needs a place.
   *
   * @param knock its `roomId` is a live id.
   * @throws ChatError with the reason why not.
   */
  async admit(knock: Knock): Promise<LiveAdmission> {
    const { bounds, clock, findRoom, login } = this.#options;
    const { request, roomId: liveId, url } = knock;
    bounds.requirePlace(knock.ip);
    login.requireOrigin(request);
    const actor = findRoom(liveId);
    if (actor === undefined) throw new ChatError("live_not_found");
    requireUpgrade(request);
    const claim = claimOf(request, url);
    const isNamed = claim.userId !== null || claim.token !== null;
    const user = isNamed
      ? await this.#identify(claim)
      : await this.#pageUser(request, actor.id);
    const visitor = visitorOf(user ?? this.#guest(), actor.id);
    requireAdminProof(actor.state, visitor);
    requireNoBan(actor.state, visitor, clock.now());
    return { actor, visitor, isGuest: user === undefined };
  }

  /** Nobody where a page's login is for other rooms: watching needs none. */
  async #pageUser(
    request: Request,
    roomId: string,
  ): Promise<KnownUser | undefined> {
    const user = await this.#options.login.recall(request);
    const isOpen = user?.rooms?.has(roomId) ?? true;
    return isOpen ? user : undefined;
  }

  /** A user of its own for each connection: none is another's older session. */
  #guest(): KnownUser {
    const userId = `viewer-${this.#options.ids.uuid()}`;
    return {
      userId,
      nickname: userId,
      isProven: false,
      rooms: null,
      admin: false,
      expiresAt: null,
    };
  }

  async #identify(said: Claim): Promise<KnownUser> {
    const { desk } = this.#options;
    const claim = said.token === null
      ? { ...said, nickname: said.nickname ?? said.userId }
      : said;
    desk.requireNames(claim);
    return await desk.identify(claim);
  }
}
