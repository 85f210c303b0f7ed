/**
 * The body of every event, made when it is delivered.
 *
 * A row of the outbox names records by their range and rooms by their id. They
 * are read here, so a backlog costs a row an event, and a snapshot says how
 * things stand when it arrives and not when it was due.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { toSecs } from "../base/unix_time.ts";
import type { CallbackEvent } from "../wire/callback.ts";
import type { RecordCounts, RecordReader } from "./outbox.ts";
import { batchedChat, batchedStay } from "./record_body.ts";
import { roomEventBody, statsBody } from "./room_event_body.ts";
import {
  type DataSyncPayload,
  dataSyncPayload,
  roomBasicInfo,
  type RoomFigures,
  SYNC_RECORDS_MAX,
} from "./room_sync.ts";

/** Rooms that go on. */
export interface LiveRooms {
  /** A room as it is now; `undefined` when it ended. */
  find(roomId: string): RoomFigures | undefined;
}

/** What bodies are made from. */
export interface BodiesOptions {
  readonly records: RecordReader;
  readonly live: LiveRooms;
  readonly clock: Pick<Clock, "now">;
}

/** How the seed's `batch_id` begins. */
const BATCH_PREFIX = {
  ChatHistoryBatch: "chat",
  SessionHistoryBatch: "session",
} as const;

/** Makes bodies as COMPAT 2.3 has them; what Parlor adds stands beside. */
export class Bodies {
  readonly #options: BodiesOptions;

  constructor(options: BodiesOptions) {
    this.#options = options;
  }

  /** The body as JSON. Rejects as {@linkcode Bodies.bodyOf} does. */
  async textOf(event: CallbackEvent): Promise<string> {
    return JSON.stringify(await this.bodyOf(event));
  }

  /**
   * What is sent for an event.
   *
   * @throws when the database cannot be read, or does not know the room of a
   * snapshot.
   */
  async bodyOf(event: CallbackEvent): Promise<object> {
    switch (event.type) {
      case "ChatHistoryBatch":
        return await this.#chatBatch(event);
      case "SessionHistoryBatch":
        return await this.#sessionBatch(event);
      case "PeriodicSync":
        return await this.#periodicSync(event);
      case "RoomSync":
        return await this.#roomSync(event);
      default:
        return roomEventBody(event);
    }
  }

  async #chatBatch(event: CallbackEvent<"ChatHistoryBatch">): Promise<object> {
    const { roomId, data } = event;
    const { records } = this.#options;
    const lines = await records.chatBetween(roomId, data.from, data.to);
    return batchBody(event, { messages: lines.map(batchedChat) });
  }

  async #sessionBatch(
    event: CallbackEvent<"SessionHistoryBatch">,
  ): Promise<object> {
    const { roomId, data } = event;
    const { records } = this.#options;
    const stays = await records.staysBetween(roomId, data.from, data.to);
    return batchBody(event, { sessions: stays.map(batchedStay) });
  }

  async #periodicSync(
    { type, roomId }: CallbackEvent<"PeriodicSync">,
  ): Promise<object> {
    const { clock, records } = this.#options;
    const { log, acknowledged } = await records.consistency(roomId);
    const figures = await this.#figures(roomId);
    const isComplete = log.messages === acknowledged.messages &&
      log.sessions === acknowledged.sessions;
    return {
      event_type: type,
      room_id: roomId,
      room_info: roomBasicInfo(roomId, figures),
      last_sync_time: toSecs(clock.now()),
      stats: statsBody(figures),
      consistency: {
        log: countsBody(log),
        acknowledged: countsBody(acknowledged),
        is_complete: isComplete,
      },
    };
  }

  async #roomSync(
    { roomId }: CallbackEvent<"RoomSync">,
  ): Promise<DataSyncPayload> {
    const { records } = this.#options;
    const chat = await records.newestChat(roomId, SYNC_RECORDS_MAX);
    const stays = await records.newestStays(roomId, SYNC_RECORDS_MAX);
    const figures = await this.#figures(roomId);
    return dataSyncPayload(roomId, figures, { chat, stays });
  }

  /** A room as it is now, or as it was left. */
  async #figures(roomId: string): Promise<RoomFigures> {
    const { live, records } = this.#options;
    const figures = live.find(roomId);
    if (figures !== undefined) return figures;
    const stored = await records.syncedRoom(roomId);
    if (stored === undefined) {
      throw new Error(
        `Cannot tell how a room stands: want a known id, got "${roomId}"`,
      );
    }
    return { ...stored, currentUsers: 0, sessions: 0 };
  }
}

function batchBody(
  event: CallbackEvent<"ChatHistoryBatch" | "SessionHistoryBatch">,
  records: object,
): object {
  const { data, roomId, type } = event;
  return {
    event_type: type,
    room_id: roomId,
    ...records,
    batch_id: `${BATCH_PREFIX[type]}_${roomId}_${data.batch}`,
    is_last_batch: data.isLast,
    timestamp: toSecs(event.at),
  };
}

function countsBody({ messages, lastSeq, sessions }: RecordCounts): object {
  return { messages, last_seq: lastSeq, sessions };
}
