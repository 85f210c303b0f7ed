/**
 * The way in for viewers of live rooms: from a request for a live id to a
 * connection that is told what happens there.
 *
 * @module
 */

import { ChatError } from "../wire/errors.ts";
import type { Knock } from "./gate.ts";
import {
  LiveAttendance,
  type LiveAttendanceOptions,
} from "./live_attendance.ts";
import type { LiveDialects } from "./live_dialects.ts";
import type { LiveGate } from "./live_gate.ts";
import { LivePages } from "./live_pages.ts";
import { noPresence } from "./presence_port.ts";
import { type Arrival, Reception, type ReceptionOptions } from "./reception.ts";
import { resumePointOf } from "./resume_point.ts";

export interface LiveEndpointOptions
  extends
    Omit<ReceptionOptions, "dialect" | "presence">,
    Omit<LiveAttendanceOptions, "pages"> {
  readonly dialects: LiveDialects;
  readonly gate: Pick<LiveGate, "admit">;
}

/** Answers the upgrades of viewers. */
export class LiveEndpoint {
  readonly #options: LiveEndpointOptions;
  /** What each viewer is handed, and no more of the options than that. */
  readonly #shared: LiveAttendanceOptions;
  readonly #reception: Reception;

  constructor(options: LiveEndpointOptions) {
    const { clock, dialects, log, onDisconnect, views } = options;
    this.#options = options;
    this.#shared = { clock, log, onDisconnect, pages: new LivePages(), views };
    this.#reception = new Reception({
      ...options,
      // Each arrival has one of its own.
      dialect: dialects.of(""),
      presence: noPresence,
    });
  }

  /** Upgrades a request, or answers why not; its `roomId` is a live id. */
  answer(knock: Knock): Promise<Response> {
    return this.#reception.answer(knock, () => this.#admit(knock));
  }

  async #admit(knock: Knock): Promise<Arrival> {
    const { dialects, gate, views } = this.#options;
    const { roomId: liveId, url } = knock;
    const { actor, isGuest, visitor } = await gate.admit(knock);
    if (views.view(liveId) === undefined) throw new ChatError("live_not_found");
    const resume = resumePointOf(url);
    return {
      visitor,
      roomId: actor.id,
      dialect: dialects.of(liveId),
      isBatched: url.searchParams.get("batch") === "true",
      attend: (session) =>
        new LiveAttendance(this.#shared, {
          session,
          actor,
          liveId,
          isGuest,
          resume,
        }),
    };
  }
}
