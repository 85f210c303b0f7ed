/**
 * Effects that become words: a scenario is compared with one `deepEqual`.
 *
 * @module
 */

import type {
  BroadcastOptions,
  RoomEffects,
} from "../../src/room/room_effects.ts";
import type {
  Fed,
  FeedReply,
  Outcome,
  Reply,
} from "../../src/room/room_input.ts";
import type { Session } from "../../src/room/session.ts";
import type { ErrorCode } from "../../src/wire/errors.ts";
import type { Ack, RoomEvent } from "../../src/wire/event.ts";
import type { DurableRecord } from "../../src/wire/record.ts";

export interface RecordingOptions {
  /**
   * Whether arrivals and departures are words too: most scenarios are about
   * something else.
   *
   * @default {false}
   */
  readonly areArrivalsHeard?: boolean;
}

export class RecordingEffects implements RoomEffects {
  readonly #areArrivalsHeard: boolean;
  /** What happened, one word or a few for each effect. */
  readonly words: string[] = [];
  /** The options of each broadcast, by the event. */
  readonly told = new Map<RoomEvent, BroadcastOptions>();
  readonly records: DurableRecord[] = [];
  /** What was said, to all or to one. */
  readonly events: RoomEvent[] = [];
  readonly acks: Ack[] = [];
  /** Whether records can be kept now. */
  isStorable = true;
  /** When the room wants to be woken, in epoch ms. */
  wakeDueAt: number | undefined;

  constructor({ areArrivalsHeard = false }: RecordingOptions = {}) {
    this.#areArrivalsHeard = areArrivalsHeard;
  }

  record(records: readonly DurableRecord[]): boolean {
    if (!this.isStorable) return false;
    this.recordOwed(records);
    return true;
  }

  recordOwed(records: readonly DurableRecord[]): void {
    for (const record of records) {
      this.records.push(record);
      this.words.push(`record ${recordWord(record)}`);
    }
  }

  broadcast(event: RoomEvent, options: BroadcastOptions = {}): void {
    if (!this.#isHeard(event)) return;
    this.events.push(event);
    this.told.set(event, options);
    const names = options.except?.map(({ id }) => id).join(" and ");
    const except = names === undefined ? "" : ` except ${names}`;
    const droppable = options.droppable ? " droppable" : "";
    this.words.push(`broadcast ${eventWord(event)}${droppable}${except}`);
  }

  send(session: Session, event: RoomEvent): void {
    if (!this.#isHeard(event)) return;
    this.events.push(event);
    this.words.push(`send ${session.id} ${eventWord(event)}`);
  }

  acknowledge(session: Session, ack: Ack): void {
    this.acks.push(ack);
    this.words.push(`ack ${session.id} ${ack.clientMsgId} ${ack.seq}`);
  }

  answer(reply: Reply, outcome: Outcome): void {
    this.words.push(`answer ${outcome.seq ?? "nothing"}`);
    reply.resolve(outcome);
  }

  confirm(reply: FeedReply, fed: Fed): void {
    this.words.push(`confirm ${fed.keptCount} through ${fed.lastSeq}`);
    reply.resolve(fed);
  }

  admit(session: Session): void {
    this.words.push(`admit ${session.id}`);
  }

  dismiss(session: Session, code?: ErrorCode): void {
    this.words.push(`dismiss ${session.id}${code ? ` ${code}` : ""}`);
  }

  replay(session: Session, afterSeq: number): void {
    this.words.push(`replay ${session.id} after ${afterSeq}`);
  }

  wakeAt(at: number | undefined): void {
    this.wakeDueAt = at;
  }

  /** The words since the last call. */
  take(): string[] {
    return this.words.splice(0);
  }

  #isHeard({ type }: RoomEvent): boolean {
    return this.#areArrivalsHeard ||
      (type !== "arrived" && type !== "departed");
  }
}

function recordWord(record: DurableRecord): string {
  switch (record.type) {
    case "entry":
      return `${record.entry.kind} ${record.entry.seq}`;
    case "session_opened":
      return `opened ${record.session.id}`;
    case "session_closed":
      return `closed ${record.session.id} ${record.session.closeCode}`;
    case "room_created":
      return `room ${record.room.id}`;
    case "room_queried":
      return `query ${record.query.userId}`;
    case "link_requested":
      return `request ${record.link.id}`;
    case "link_settled":
      return `${record.link.status} ${record.link.id}`;
  }
}

/** An event's type, and what tells it from others of the type. */
function eventWord(event: RoomEvent): string {
  switch (event.type) {
    case "entry":
      return `${event.entry.kind} ${event.entry.seq}`;
    case "user_joined":
    case "user_left":
    case "arrived":
    case "departed":
      return `${event.type} ${event.user.userId}`;
    case "notice":
      return `${event.notice.type} ${event.user.userId}`;
    case "room_stats":
      return `room_stats ${event.currentUsers}/${event.peakUsers}`;
    case "error":
      return event.code;
    case "live_burst": {
      const { type, fromSeq, toSeq, messages, count } = event.burst;
      return `${messages} ${type}s ${fromSeq}-${toSeq} of ${count}`;
    }
    case "gap":
      return `gap ${event.from}-${event.to}`;
    default:
      return event.type;
  }
}
