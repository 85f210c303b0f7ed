/**
 * The way from a link into its room: finds or makes the room, and notes what
 * is kept there.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Metrics } from "../base/metrics.ts";
import { ChatError, type ErrorCode } from "../wire/errors.ts";
import { Intake } from "./intake.ts";
import type { LinkRecord } from "./link_record.ts";
import type { LiveRoom, LiveRooms } from "./live_room.ts";
import type { SourceMessage } from "./source.ts";

/** Who hears of the feed. */
export interface FeedEvents {
  /** The room takes no more for now, or takes more again. */
  onPressure(isFull: boolean): void;
  /** Messages are in the log. */
  onKept(): void;
  /** The link feeds another room than before. */
  onRoom(): void;
}

export interface FeedOptions {
  readonly record: LinkRecord;
  readonly rooms: LiveRooms;
  readonly clock: Clock;
  readonly metrics: Pick<
    Metrics,
    "liveMessages" | "liveDuplicates" | "liveFeedFaults" | "liveHolds"
  >;
  readonly events: FeedEvents;
}

/** A link's feed. It holds next to nothing until the first message. */
export class LinkFeed {
  readonly #options: FeedOptions;
  #intake: Intake | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#intake?.isFull ?? false;
  }

  /** Whether it holds ids of messages, or messages. */
  get isOpen(): boolean {
    return this.#intake !== undefined;
  }

  /** Takes messages; answers those that had not come before. */
  take(
    messages: readonly SourceMessage[],
    keep?: () => void,
  ): readonly SourceMessage[] {
    return this.#open().take(messages, keep);
  }

  /** Messages that were kept before, by their upstream ids, oldest first. */
  remember(upstreamIds: readonly string[]): void {
    this.#open().remember(upstreamIds);
  }

  /**
   * The room that it feeds, made if there is none.
   *
   * @throws {ChatError} `too_many_rooms` or `storage_unavailable`.
   */
  room(): LiveRoom {
    const { record, rooms, events } = this.#options;
    const { liveId } = record;
    const room = rooms.find(liveId) ?? rooms.create(liveId);
    if (room.id !== record.roomId) {
      record.moveTo(room.id);
      events.onRoom();
    }
    return room;
  }

  /**
   * Makes the room if there is none, for who wants to watch before anything
   * comes. One that cannot be made now is made with the next message.
   */
  prepareRoom(): void {
    try {
      this.room();
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
    }
  }

  /** Why the room took nothing the last time; `null` when it did. */
  get refusal(): ErrorCode | null {
    const error = this.#intake?.refusal ?? null;
    return error && (error instanceof ChatError ? error.code : "internal");
  }

  /** Messages that are not in the log yet. */
  get waiting(): number {
    return this.#intake?.waiting ?? 0;
  }

  /** Settles once nothing waits. */
  async idle(): Promise<void> {
    await this.#intake?.idle();
  }

  /** Gives up what waits, and forgets the ids. */
  stop(): void {
    this.#intake?.stop();
    this.#intake = undefined;
  }

  #open(): Intake {
    const { record, clock, metrics, events } = this.#options;
    this.#intake ??= new Intake({
      liveId: record.liveId,
      clock,
      metrics,
      room: () => this.room(),
      onPressure: (isFull) => events.onPressure(isFull),
      onKept: (messages, lastSeq, roomId) => {
        record.memory.noteKept(messages, clock.now());
        record.countedTo(roomId, lastSeq);
        events.onKept();
      },
    });
    return this.#intake;
  }
}
