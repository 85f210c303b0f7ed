/**
 * A database of arrays, and a recorder that writes into nothing.
 *
 * @module
 */

import type {
  ChatRow,
  DeviceStay,
  LogRange,
  Page,
  PageQuery,
  SessionQuery,
  SessionRow,
  StoredRoom,
} from "../../src/store/store.ts";
import type { StoredDevice } from "../../src/wire/device.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import type { HistoryStore, Pending, Recorder } from "../../src/http/ports.ts";
import { START_AT } from "./fake_clock.ts";

/** What a test put in, answered as the real store would. */
export class FakeHistory implements HistoryStore {
  readonly stored = new Map<string, StoredRoom>();
  chatRows: ChatRow[] = [];
  sessionRows: SessionRow[] = [];
  entries: LogEntry[] = [];
  knownDevices: StoredDevice[] = [];
  /** Each with the device that it was of. */
  stays: (DeviceStay & { readonly deviceId: string })[] = [];
  /** What every call is refused with. */
  failure: Error | undefined;
  checks = 0;

  room(roomId: string): Promise<StoredRoom | undefined> {
    return this.#answer(this.stored.get(roomId));
  }

  rooms(options: { limit: number; offset: number }): Promise<StoredRoom[]> {
    const { limit, offset } = options;
    return this.#answer(
      [...this.stored.values()].slice(offset, offset + limit),
    );
  }

  log(_roomId: string, range: LogRange): Promise<LogEntry[]> {
    const { afterSeq, beforeSeq = Infinity, limit } = range;
    if (afterSeq !== undefined) {
      const later = this.entries.filter((one) => one.seq > afterSeq);
      return this.#answer(later.slice(0, limit));
    }
    const earlier = this.entries.filter((one) => one.seq < beforeSeq);
    return this.#answer(earlier.slice(-limit));
  }

  chat(_roomId: string, query: PageQuery): Promise<Page<ChatRow>> {
    return this.#answer(pageOf(this.chatRows, query, (row) => row.at));
  }

  sessions(_roomId: string, query: SessionQuery): Promise<Page<SessionRow>> {
    const rows = this.sessionRows.filter((row) =>
      !query.closedOnly || row.leftAt !== null
    );
    return this.#answer(pageOf(rows, query, (row) => row.joinedAt));
  }

  devices(
    { afterId = "", roomId, limit }: {
      afterId?: string;
      roomId?: string;
      limit: number;
    },
  ): Promise<StoredDevice[]> {
    const found = this.knownDevices
      .filter((one) => one.deviceId > afterId)
      .filter((one) => roomId === undefined || one.lastRoomId === roomId)
      .sort((one, other) => one.deviceId < other.deviceId ? -1 : 1);
    return this.#answer(found.slice(0, limit));
  }

  device(deviceId: string): Promise<StoredDevice | undefined> {
    const found = this.knownDevices.find((one) => one.deviceId === deviceId);
    return this.#answer(found);
  }

  deviceStays(
    deviceId: string,
    { limit }: { limit: number },
  ): Promise<DeviceStay[]> {
    const stays = this.stays
      .filter((one) => one.deviceId === deviceId)
      .sort((one, other) => other.connectedAt - one.connectedAt)
      .map(({ deviceId: _deviceId, ...stay }) => stay);
    return this.#answer(stays.slice(0, limit));
  }

  check(): Promise<void> {
    this.checks += 1;
    return this.#answer(undefined);
  }

  #answer<Value>(value: Value): Promise<Value> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return Promise.resolve(value);
  }
}

/** A recorder whose flushes a test counts. */
export class FakeRecorder implements Recorder {
  readonly flushes: string[] = [];
  failure: Error | undefined;
  pending: Pending = {
    messages: 0,
    records: 0,
    bytes: 0,
    oldestAt: null,
    failing: null,
  };

  flushRoom(roomId: string): Promise<void> {
    return this.#flush(roomId);
  }

  flushAll(): Promise<void> {
    return this.#flush("all");
  }

  #flush(what: string): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.flushes.push(what);
    this.pending = { ...this.pending, messages: 0, records: 0, bytes: 0 };
    return Promise.resolve();
  }
}

/** A room as the database would know it. */
export function newStoredRoom(
  id: string,
  more: Partial<StoredRoom> = {},
): StoredRoom {
  return {
    id,
    kind: "managed",
    name: "测试房间",
    slowModeSecs: null,
    membersMax: null,
    pinned: null,
    epoch: "epoch-1",
    adminUserIds: ["admin1"],
    autoClose: false,
    createdAt: START_AT,
    status: "active",
    endedAt: null,
    lastSeq: 6,
    peakUsers: 3,
    totalJoins: 9,
    lastMessageAt: null,
    lastLeftAt: null,
    ...more,
  };
}

function pageOf<Row>(
  rows: readonly Row[],
  query: PageQuery,
  at: (row: Row) => number,
): Page<Row> {
  const { fromAt = -Infinity, toAt = Infinity, limit, page } = query;
  const fits = rows.filter((row) => at(row) >= fromAt && at(row) <= toAt)
    .sort((a, b) => at(b) - at(a));
  const first = (page - 1) * limit;
  return { rows: fits.slice(first, first + limit), total: fits.length };
}
