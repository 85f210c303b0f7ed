/**
 * The voice of a room: what its turns say, on the way to its sessions.
 *
 * @module
 */

import type { Metrics } from "../base/metrics.ts";
import type { ErrorCode } from "../wire/errors.ts";
import type { RoomEvent } from "../wire/event.ts";
import { Audience } from "./audience.ts";
import { Delivery } from "./delivery.ts";
import type { BroadcastOptions } from "./room_effects.ts";
import type { Session } from "./session.ts";
import { Speech } from "./speech.ts";
import type { ToSay, TurnBudget } from "./turn_budget.ts";

/** Says what the turns of one room say. */
export class RoomVoice {
  readonly #metrics: Metrics;
  readonly #audience = new Audience();
  #speech = new Speech(this.#audience.sessions);
  #delivery: Delivery | undefined;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** Whether the last turn's words are still being handed out. */
  get isSpeaking(): boolean {
    return this.#delivery !== undefined;
  }

  /** What this turn said so far. */
  get toSay(): ToSay {
    const { broadcastCount, broadcastLength: length, asideLengthMax } =
      this.#speech;
    return {
      frameCount: this.#audience.frameCount(broadcastCount),
      length,
      joinedLength: this.#audience.batchedCount * length,
      asideLengthMax,
    };
  }

  /** Frames of one message each that one broadcast takes now. */
  get frameCount(): number {
    return this.#audience.frameCount(1);
  }

  broadcast(event: RoomEvent, options: BroadcastOptions | undefined): void {
    this.#speech.broadcast(event, this.#audience.dialects, options);
  }

  send(session: Session, event: RoomEvent): void {
    if (event.type === "error") {
      this.#metrics.refusals.inc({ code: event.code });
    }
    this.#speech.send(session, event);
  }

  admit(session: Session): void {
    this.#speech.admit(session);
    this.#audience.add(session);
  }

  dismiss(session: Session, code: ErrorCode | undefined): void {
    this.#speech.dismiss(session, code);
    this.#audience.remove(session);
  }

  /** Ends the turn: nothing is added to what it said. */
  endTurn(): void {
    if (this.#speech.isEmpty) return;
    this.#delivery = new Delivery(this.#speech, this.#audience.sessions);
  }

  /** Hands out a slice of what the last turn said; `true` when all is out. */
  handOut(budget: TurnBudget): boolean {
    const delivery = this.#delivery;
    if (delivery === undefined) return true;
    const { tally } = delivery;
    const before = tally.frameCount;
    budget.start();
    const isDone = delivery.run(() =>
      budget.isTimeUp(tally.frameCount - before)
    );
    budget.note(tally.frameCount - before);
    if (!isDone) return false;
    this.#metrics.deliveries.inc(tally.messageCount);
    this.#metrics.framesOut.inc(tally.frameCount);
    this.fallSilent();
    return true;
  }

  /** Forgets what is not handed out yet. */
  fallSilent(): void {
    this.#delivery = undefined;
    this.#speech = new Speech(this.#audience.sessions);
  }
}
