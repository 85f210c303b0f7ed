/**
 * The outbox: what waits to be told to a backend, and what bodies are made of.
 *
 * It fits the interfaces that the callbacks declare. As in the store, one file
 * per idea says which statements; this one puts them together.
 *
 * @module
 */

import type {
  CallbackEvent,
  CallbackPlan,
  EndpointName,
} from "../wire/callback.ts";
import {
  type BatchKind,
  type BatchLimits,
  selectRoomsWithNews,
} from "./batch_marks.ts";
import { queueBatches } from "./batch_queue.ts";
import {
  consistencyOf,
  type RecordConsistency,
  selectConsistency,
} from "./consistency.ts";
import * as endpoints from "./endpoint_table.ts";
import * as events from "./event_log.ts";
import { type PurgeBounds, purgeEvents } from "./event_purge.ts";
import {
  type EventReplay,
  type EventReplayed,
  replayEvents,
} from "./event_replay.ts";
import { eventOf } from "./event_table.ts";
import * as lanes from "./lane_table.ts";
import * as records from "./record_reads.ts";
import { queueClosing, selectEndedRooms } from "./room_closing.ts";
import { insertSnapshots, type SnapshotType } from "./room_snapshots.ts";
import { text } from "./row.ts";
import type { SqliteConnection } from "./sqlite_connection.ts";
import { storeError } from "./sqlite_failure.ts";
import type { SqlRow } from "./sqlite_protocol.ts";

/** How batches of a room are made. */
interface BatchRun {
  readonly size: BatchLimits;
  /** Epoch ms. */
  readonly at: number;
}

/** The one implementation of the callbacks' `Outbox`. */
export class SqliteOutbox {
  readonly #connection: SqliteConnection;
  readonly #plan: CallbackPlan;

  /** @param connection open, with its tables as they should be. */
  constructor(connection: SqliteConnection, plan: CallbackPlan) {
    this.#connection = connection;
    this.#plan = plan;
  }

  async due(
    query: lanes.LaneQuery,
  ): Promise<{ lanes: lanes.DueLane[]; nextDueAt: number | null }> {
    const due = lanes.selectDue(query);
    const [laneRows = [], eventRows = []] = await this.#connection
      .query(due.lanes, due.events);
    return lanes.dueLanes({ lanes: laneRows, events: eventRows }, query);
  }

  async settle(outcomes: readonly lanes.LaneOutcome[]): Promise<void> {
    const groups = outcomes.flatMap((outcome) => [
      ...lanes.settleLane(outcome),
      ...endpoints.noteOutcome(outcome),
    ]);
    if (groups.length > 0) await this.#connection.transaction(groups);
  }

  async release(
    endpoint: EndpointName,
    at: number,
    attemptsMax: number,
  ): Promise<void> {
    const group = lanes.releaseLanes(endpoint, at, attemptsMax);
    await this.#connection.transaction([group]);
  }

  async recall(at: number): Promise<number> {
    const group = lanes.recallLanes(at);
    const [count = 0] = await this.#connection.transaction([group]);
    return count;
  }

  lanesOf(
    roomId: string,
  ): Promise<{ endpoint: EndpointName; attempts: number }[]> {
    return this.#connection.items(
      lanes.selectRoomLanes(roomId),
      lanes.laneFactsOf,
    );
  }

  endpoints(): Promise<endpoints.EndpointRow[]> {
    return this.#connection.items(
      endpoints.selectEndpoints(),
      endpoints.endpointOf,
    );
  }

  async saveEndpoint(endpoint: endpoints.EndpointRow): Promise<void> {
    await this.#connection.transaction([endpoints.saveEndpoint(endpoint)]);
  }

  histories(): Promise<endpoints.EndpointHistoryRow[]> {
    return this.#connection.items(
      endpoints.selectHistories(),
      endpoints.historyOf,
    );
  }

  stream(afterNumber: number, limit: number): Promise<CallbackEvent[]> {
    return this.#connection.items(
      events.selectStream(afterNumber, limit),
      eventOf,
    );
  }

  async streamBounds(): Promise<events.EventBounds> {
    const [row] = await this.#connection.items(
      events.selectBounds(),
      events.boundsOf,
    );
    if (row === undefined) throw storeError("corrupt", "No stream bounds");
    return row;
  }

  dead(query: events.DeadQuery): Promise<events.DeadEvent[]> {
    return this.#connection.items(events.selectDead(query), events.deadEventOf);
  }

  replay(query: EventReplay): Promise<EventReplayed> {
    return replayEvents(this.#connection, query, this.#plan);
  }

  async purge(
    bounds: PurgeBounds,
  ): Promise<{ removed: number; forgotten: number; died: number }> {
    const { done, forgotten, overdue } = purgeEvents(bounds);
    const changes = await this.#connection
      .transaction([...done, ...forgotten, ...overdue]);
    const changesOf = (groupCount: number) => {
      return changes.splice(0, groupCount).at(-1) ?? 0;
    };
    return {
      removed: changesOf(done.length),
      forgotten: changesOf(forgotten.length),
      died: changesOf(overdue.length),
    };
  }

  roomsWithNews(
    kind: BatchKind,
    page: { readonly afterRoomId: string; readonly limit: number },
  ): Promise<string[]> {
    return this.#connection.items(selectRoomsWithNews(kind, page), roomIdOf);
  }

  queueBatches(
    kind: BatchKind,
    roomId: string,
    run: BatchRun,
  ): Promise<number> {
    const options = { ...run, roomId, plan: this.#plan };
    return queueBatches(this.#connection, kind, options);
  }

  endedRooms(limit: number): Promise<string[]> {
    return this.#connection.items(selectEndedRooms(limit), roomIdOf);
  }

  async queueClosing(roomId: string, run: BatchRun): Promise<void> {
    const options = { ...run, plan: this.#plan };
    await queueClosing(this.#connection, roomId, options);
  }

  async queueSnapshots(
    types: readonly SnapshotType[],
    at: number,
  ): Promise<number> {
    const groups = insertSnapshots(types, at, this.#plan);
    if (groups.length === 0) return 0;
    const counts = await this.#connection.transaction(groups);
    return counts.reduce((sum, count) => sum + count, 0);
  }

  chatBetween(
    roomId: string,
    from: number,
    to: number,
  ): Promise<records.ChatLineRow[]> {
    const range = { from, to };
    const query = records.selectChatBetween(roomId, range);
    return this.#connection.items(query, records.chatLineOf);
  }

  staysBetween(
    roomId: string,
    from: number,
    to: number,
  ): Promise<records.EndedStayRow[]> {
    const range = { from, to };
    const query = records.selectStaysBetween(roomId, range);
    return this.#connection.items(query, records.endedStayOf);
  }

  newestChat(roomId: string, limit: number): Promise<records.ChatLineRow[]> {
    const query = records.selectNewestChat(roomId, limit);
    return this.#connection.items(query, records.chatLineOf);
  }

  newestStays(roomId: string, limit: number): Promise<records.EndedStayRow[]> {
    const query = records.selectNewestStays(roomId, limit);
    return this.#connection.items(query, records.endedStayOf);
  }

  async syncedRoom(
    roomId: string,
  ): Promise<records.SyncedRoomRow | undefined> {
    const query = records.selectSyncedRoom(roomId);
    const [room] = await this.#connection.items(query, records.syncedRoomOf);
    return room;
  }

  async consistency(roomId: string): Promise<RecordConsistency> {
    const rows = await this.#connection.query(...selectConsistency(roomId));
    return consistencyOf(rows, this.#plan);
  }
}

function roomIdOf(row: SqlRow): string {
  return text(row, "id");
}
