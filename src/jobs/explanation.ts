/**
 * Why one room would go at the next cleanup, or would not: also one that is
 * gone already, and one that never was.
 *
 * @module
 */

import type { RoomKind } from "../wire/record.ts";
import type { ReapableRoom } from "./reap_plan.ts";
import type { ReapReason } from "./reap_rule.ts";
import type { Reaper, ReapRequest } from "./reaper.ts";

/** What is said of a room. Instants are in epoch ms. */
export interface Explanation {
  readonly roomId: string;
  /** `null` when it is unknown. */
  readonly kind: RoomKind | null;
  readonly status: "waiting" | "active" | "ended" | null;
  /** `unknown` also for a room that was removed some time after its end. */
  readonly reason: ReapReason | "unknown";
  /** As {@linkcode Verdict} says. */
  readonly dueInMs: number | null;
  readonly createdAt: number | null;
  /** `null` while somebody is there, and where it does not matter any more. */
  readonly emptySinceAt: number | null;
  readonly lastMessageAt: number | null;
  readonly endedAt: number | null;
  /** How many connections are open. */
  readonly connections: number;
}

/** A room that is not live, as the database knows it. */
export interface EndedRoom {
  readonly kind: RoomKind;
  readonly createdAt: number;
  readonly lastMessageAt: number | null;
  /** `null` while the room has not ended. */
  readonly endedAt: number | null;
}

export interface ExplainerOptions {
  readonly reaper: Pick<Reaper, "judge">;
  /** A live room. */
  readonly find: (roomId: string) => ReapableRoom | undefined;
  /** A room of the database, with all in it that was accepted. */
  readonly stored: (roomId: string) => Promise<EndedRoom | undefined>;
}

/** Says why. */
export class Explainer {
  readonly #options: ExplainerOptions;

  constructor(options: ExplainerOptions) {
    this.#options = options;
  }

  /** @throws {StoreError} when the room is not live and nothing can be read. */
  async explain(
    roomId: string,
    request: Pick<ReapRequest, "minutes" | "force">,
  ): Promise<Explanation> {
    const { find, reaper, stored } = this.#options;
    const room = find(roomId);
    if (room === undefined) return explainGone(roomId, await stored(roomId));
    const verdict = reaper.judge(room, request);
    const { kind, createdAt, emptySinceAt, lastMessageAt, sessions } = room
      .facts();
    return {
      roomId,
      kind,
      status: verdict.reason === "waiting" ? "waiting" : "active",
      ...verdict,
      createdAt,
      emptySinceAt,
      lastMessageAt,
      endedAt: null,
      connections: sessions,
    };
  }
}

function explainGone(roomId: string, room: EndedRoom | undefined): Explanation {
  const endedAt = room?.endedAt ?? null;
  const hasEnded = endedAt !== null;
  return {
    roomId,
    kind: room?.kind ?? null,
    status: hasEnded ? "ended" : null,
    reason: hasEnded ? "ended" : "unknown",
    dueInMs: null,
    createdAt: room?.createdAt ?? null,
    emptySinceAt: null,
    lastMessageAt: room?.lastMessageAt ?? null,
    endedAt,
    connections: 0,
  };
}
