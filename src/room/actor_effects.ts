/**
 * What a room says and keeps, carried out by its actor.
 *
 * @module
 */

import { ChatError, type ErrorCode } from "../wire/errors.ts";
import type { Ack, RoomEvent } from "../wire/event.ts";
import { Packet } from "../wire/packet.ts";
import type { DurableRecord } from "../wire/record.ts";
import type { ReplaySource } from "./replayer.ts";
import type { BroadcastOptions, RoomEffects } from "./room_effects.ts";
import type { Fed, FeedReply, Outcome, Reply } from "./room_input.ts";
import type { RoomVoice } from "./room_voice.ts";
import type { RoomWorld } from "./room_world.ts";
import type { Session } from "./session.ts";
import type { WakeAlarm } from "./wake_alarm.ts";

/** Where the effects of one room go. */
export interface ActorParts {
  readonly source: ReplaySource;
  readonly voice: RoomVoice;
  readonly alarm: WakeAlarm;
  readonly world: Pick<RoomWorld, "recorder" | "replayer">;
}

/** The effects of one room at work. */
export class ActorEffects implements RoomEffects {
  readonly #parts: ActorParts;
  /** What waits until all that the turn said was handed out. */
  #afterwards: (() => void)[] = [];

  constructor(parts: ActorParts) {
    this.#parts = parts;
  }

  record(records: readonly DurableRecord[]): boolean {
    return this.#parts.world.recorder.accept(records);
  }

  recordOwed(records: readonly DurableRecord[]): void {
    this.#parts.world.recorder.acceptOwed(records);
  }

  broadcast(event: RoomEvent, options?: BroadcastOptions): void {
    this.#parts.voice.broadcast(event, options);
  }

  send(session: Session, event: RoomEvent): void {
    this.#parts.voice.send(session, event);
  }

  acknowledge(session: Session, ack: Ack): void {
    const { voice, world } = this.#parts;
    if (ack.durability !== "fsync") return voice.send(session, ack);
    world.recorder.afterDurable((ok) => {
      const { clientMsgId } = ack;
      const code = "storage_unavailable";
      const event = ok ? ack : { type: "error", code, clientMsgId } as const;
      const frame = session.dialect.encode(event, session.userId);
      if (frame !== null) session.deliver(Packet.of(frame));
    });
  }

  answer(reply: Reply, outcome: Outcome): void {
    this.#parts.world.recorder.afterDurable((ok) => {
      if (ok) reply.resolve(outcome);
      else reply.reject(new ChatError("storage_unavailable"));
    });
  }

  confirm(reply: FeedReply, fed: Fed): void {
    this.#parts.world.recorder.afterDurable(() => reply.resolve(fed));
  }

  admit(session: Session): void {
    this.#parts.voice.admit(session);
  }

  dismiss(session: Session, code?: ErrorCode): void {
    this.#parts.voice.dismiss(session, code);
  }

  replay(session: Session, afterSeq: number): void {
    const { source, world } = this.#parts;
    // Its pages go out by themselves, and the welcome comes before them.
    this.#afterwards.push(() =>
      world.replayer.start(source, session, afterSeq)
    );
  }

  wakeAt(at: number | undefined): void {
    this.#parts.alarm.set(at);
  }

  /** Does what waited until all that the turn said was handed out. */
  afterTurn(): void {
    const afterwards = this.#afterwards;
    this.#afterwards = [];
    for (const run of afterwards) run();
  }
}
