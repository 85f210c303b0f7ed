/**
 * The store, as a SQLite database that this process holds alone.
 *
 * What is written and read is said by one file per group of tables; this one
 * puts their statements together and turns their rows into values.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { type CallbackPlan, NO_CALLBACKS } from "../wire/callback.ts";
import type { StoredDevice } from "../wire/device.ts";
import type { LogEntry } from "../wire/entry.ts";
import type { DurableRecord } from "../wire/record.ts";
import type { StoredLink } from "../wire/heart_link.ts";
import type { Backups } from "./backup.ts";
import * as devices from "./device_table.ts";
import { orphansLeft } from "./event_table.ts";
import * as links from "./link_table.ts";
import * as live from "./live_entry_table.ts";
import * as leases from "./live_lease_table.ts";
import * as liveLinks from "./live_link_table.ts";
import type {
  LiveLeaseClaim,
  LiveTypeCount,
  StoredLiveLink,
} from "../wire/live_link.ts";
import * as log from "./log_table.ts";
import {
  selectLastMessages,
  selectMessages,
  selectUnread,
} from "./message_reads.ts";
import * as meta from "./meta_table.ts";
import { penaltyOf, selectPenalty } from "./penalty_table.ts";
import * as users from "./presence_table.ts";
import { groupsOf } from "./record_groups.ts";
import { recoveredRooms } from "./recovery.ts";
import { purgeableOf, purgeRoom, selectPurgeable } from "./room_purge.ts";
import * as rooms from "./room_table.ts";
import { integer } from "./row.ts";
import * as sessions from "./session_table.ts";
import type { SqliteConnection } from "./sqlite_connection.ts";
import { storeError } from "./sqlite_failure.ts";
import { SqliteOutbox } from "./sqlite_outbox.ts";
import type { SqlRow, SqlStatement } from "./sqlite_protocol.ts";
import type { SqliteReaders } from "./sqlite_readers.ts";
import type { SqliteReads } from "./sqlite_reads.ts";
import type {
  ChatRow,
  DevicePurge,
  DeviceQuery,
  DeviceStay,
  KnownRoom,
  LogRange,
  Page,
  PageQuery,
  PresencePurge,
  PurgeQuery,
  RecoveredRoom,
  RoomCounts,
  SessionQuery,
  SessionRow,
  Store,
  StoredPresence,
  StoredRoom,
  UnreadQuery,
} from "./store.ts";

/** What a store is made of. */
export interface SqliteStoreParts {
  /** Open, with its tables as they should be. */
  readonly connection: SqliteConnection;
  /** Serve what is waited for, when there are any, in place of it. */
  readonly readers?: SqliteReaders | undefined;
  readonly backups: Backups;
  /** Which bans and mutes still stand. */
  readonly clock: Clock;
  /**
   * What backends are told of.
   *
   * @default {NO_CALLBACKS}
   */
  readonly plan?: CallbackPlan;
  /** Lets go of the database's file, once it is closed. */
  readonly release: () => void;
}

/** The one implementation of {@linkcode Store}. */
export class SqliteStore implements Store {
  /** What waits to be told to a backend, in the same database. */
  readonly outbox: SqliteOutbox;
  readonly #connection: SqliteConnection;
  readonly #readers: SqliteReaders | undefined;
  readonly #reads: SqliteReads;
  readonly #backups: Backups;
  readonly #clock: Clock;
  readonly #plan: CallbackPlan;
  readonly #release: () => void;
  #closing: Promise<void> | undefined;

  constructor(parts: SqliteStoreParts) {
    this.#connection = parts.connection;
    this.#readers = parts.readers;
    this.#reads = parts.readers ?? parts.connection;
    this.#backups = parts.backups;
    this.#clock = parts.clock;
    this.#plan = parts.plan ?? NO_CALLBACKS;
    this.#release = parts.release;
    // It reads what it is about to change, so it reads where it writes.
    this.outbox = new SqliteOutbox(this.#connection, this.#plan);
  }

  async apply(records: readonly DurableRecord[]): Promise<void> {
    if (records.length === 0) return;
    await this.#connection.transaction(groupsOf(records, this.#plan));
  }

  async recover(
    { sendsSinceAt }: { sendsSinceAt: number },
  ): Promise<RecoveredRoom[]> {
    return await recoveredRooms(this.#reads, {
      sendsSinceAt,
      now: this.#clock.now(),
    });
  }

  async closeOrphans(): Promise<{ count: number; at: number }> {
    const [row] = await this.#connection.rows(meta.selectAlive());
    const at = row === undefined ? 0 : integer(row, "alive_at");
    const close = sessions.closeOrphanSessions(at);
    const [, , count = 0] = await this.#connection.transaction([
      close.rooms,
      [orphansLeft(at, this.#plan)],
      close.sessions,
    ]);
    return { count, at };
  }

  async touch(at: number): Promise<void> {
    await this.#connection.transaction([meta.advanceAlive(at)]);
  }

  rooms(
    options: { ended: boolean; limit: number; offset: number },
  ): Promise<StoredRoom[]> {
    return this.#reads.items(rooms.selectRooms(options), rooms.storedRoom);
  }

  async counts(): Promise<RoomCounts> {
    const [counts] = await this.#reads.items(
      rooms.countRooms(),
      rooms.roomCountsOf,
    );
    return counts ?? { active: 0, waiting: 0, ended: 0 };
  }

  async room(roomId: string): Promise<StoredRoom | undefined> {
    const [room] = await this.#reads.items(
      rooms.selectRoom(roomId),
      rooms.storedRoom,
    );
    return room;
  }

  log(roomId: string, range: LogRange): Promise<LogEntry[]> {
    return this.#reads.items(log.selectLog(roomId, range), log.entryOf);
  }

  async isBanned(roomId: string, userId: string): Promise<boolean> {
    const who = { userId, now: this.#clock.now() };
    const ban = selectPenalty("room_ban", roomId, who);
    return (await this.#reads.items(ban, penaltyOf)).length > 0;
  }

  async message(
    roomId: string,
    seq: number,
  ): Promise<LogEntry<"message"> | undefined> {
    const [message] = await this.#messages(log.selectMessage(roomId, seq));
    return message;
  }

  messages(
    roomId: string,
    query: { readonly beforeSeq?: number; readonly limit: number },
  ): Promise<LogEntry<"message">[]> {
    return this.#messages(selectMessages(roomId, query));
  }

  lastMessages(roomIds: readonly string[]): Promise<LogEntry<"message">[]> {
    return this.#messages(selectLastMessages(roomIds));
  }

  unread(
    roomId: string,
    userId: string,
    query: UnreadQuery,
  ): Promise<number[]> {
    const unread = selectUnread(roomId, userId, query);
    return this.#reads.items(unread, (row) => integer(row, "seq"));
  }

  chat(roomId: string, query: PageQuery): Promise<Page<ChatRow>> {
    return this.#page(log.selectChat(roomId, query), log.chatRowOf);
  }

  sessions(roomId: string, query: SessionQuery): Promise<Page<SessionRow>> {
    return this.#page(
      sessions.selectSessions(roomId, query),
      sessions.sessionOf,
    );
  }

  async link(userId: string): Promise<StoredLink | undefined> {
    const [link] = await this.#reads.items(
      links.selectLink(userId),
      links.linkOf,
    );
    return link;
  }

  openLinks(): Promise<StoredLink[]> {
    return this.#reads.items(links.selectOpenLinks(), links.linkOf);
  }

  async purgeLinks(
    query: { readonly settledBefore: number; readonly limit: number },
  ): Promise<number> {
    const [count = 0] = await this.#connection
      .transaction([links.purgeLinks(query)]);
    return count;
  }

  presence(userIds: readonly string[]): Promise<StoredPresence[]> {
    return this.#reads.items(
      users.selectPresence(userIds),
      users.presenceOf,
    );
  }

  async savePresence(presences: readonly StoredPresence[]): Promise<void> {
    if (presences.length === 0) return;
    await this.#connection.transaction(users.savePresences(presences));
  }

  async allOffline(): Promise<void> {
    await this.#connection.transaction([users.allOffline()]);
  }

  async purgePresence(query: PresencePurge): Promise<number> {
    const [count = 0] = await this.#connection
      .transaction([users.purgePresence(query)]);
    return count;
  }

  async homes(
    deviceIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const wanted = devices.selectHomes(deviceIds);
    return new Map(await this.#reads.items(wanted, devices.homeOf));
  }

  async knownRooms(
    roomIds: readonly string[],
  ): Promise<ReadonlyMap<string, KnownRoom>> {
    const wanted = rooms.selectKnownRooms(roomIds);
    return new Map(await this.#reads.items(wanted, rooms.knownRoomOf));
  }

  devices(query: DeviceQuery): Promise<StoredDevice[]> {
    return this.#reads.items(
      devices.selectDevices(query),
      devices.deviceOf,
    );
  }

  async device(deviceId: string): Promise<StoredDevice | undefined> {
    const [device] = await this.#reads.items(
      devices.selectDevice(deviceId),
      devices.deviceOf,
    );
    return device;
  }

  deviceStays(
    deviceId: string,
    { limit }: { readonly limit: number },
  ): Promise<DeviceStay[]> {
    return this.#reads.items(
      devices.selectDeviceStays(deviceId, limit),
      devices.deviceStayOf,
    );
  }

  async purgeDevices(query: DevicePurge): Promise<number> {
    const [count = 0] = await this.#connection
      .transaction([devices.purgeDevices(query)]);
    return count;
  }

  links(): Promise<StoredLiveLink[]> {
    return this.#reads.items(liveLinks.selectLinks(), liveLinks.liveLinkOf);
  }

  async saveLinks(links: readonly StoredLiveLink[]): Promise<void> {
    if (links.length === 0) return;
    await this.#connection.transaction(liveLinks.saveLinks(links));
  }

  async forgetLinks(liveIds: readonly string[]): Promise<void> {
    if (liveIds.length === 0) return;
    await this.#connection.transaction([liveLinks.forgetLinks(liveIds)]);
  }

  async countLive(
    roomId: string,
    afterSeq: number,
  ): Promise<{ readonly counts: LiveTypeCount[]; readonly lastSeq: number }> {
    const [counts = [], [end] = []] = await this.#reads
      .query(...live.selectLiveCounts(roomId, afterSeq));
    return {
      counts: counts.map(live.liveCountOf),
      lastSeq: end === undefined ? 0 : integer(end, "last_seq"),
    };
  }

  async upstreamIds(roomId: string, limit: number): Promise<string[]> {
    const ids = live.selectUpstreamIds(roomId, limit);
    return await this.#reads.items(ids, live.upstreamIdOf);
  }

  async giftTexts(roomId: string, limit: number): Promise<string[]> {
    const gifts = live.selectGiftTexts(roomId, limit);
    return await this.#reads.items(gifts, live.giftTextOf);
  }

  async holdLeases(claim: LiveLeaseClaim): Promise<string[]> {
    const liveIds = [...new Set(claim.liveIds)];
    if (liveIds.length === 0) return [];
    const asked = leases.holdLeases({ ...claim, liveIds });
    const changes = await this.#connection.transaction(asked);
    return liveIds.filter((_, index) => changes[index] === 1);
  }

  async dropLeases(owner: string, liveIds: readonly string[]): Promise<void> {
    if (liveIds.length === 0) return;
    await this.#connection.transaction([leases.dropLeases(owner, liveIds)]);
  }

  purgeable(query: PurgeQuery): Promise<string[]> {
    return this.#connection.items(selectPurgeable(query), purgeableOf);
  }

  purgeRoom(roomId: string): Promise<void> {
    return purgeRoom(this.#connection, roomId);
  }

  backup(path: string): Promise<void> {
    return this.#backups.copyTo(path);
  }

  async check(): Promise<void> {
    await this.#connection.transaction([meta.countCheck()]);
    const rows = await this.#connection.rows(meta.selectChecks());
    if (rows.length !== 1) throw storeError("corrupt", "A write was lost");
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([this.#backups.close(), this.#readers?.close()]);
    // Last, for only a connection that writes takes the log into the file.
    await this.#connection.close();
    this.#release();
  }

  async #messages(query: SqlStatement): Promise<LogEntry<"message">[]> {
    const messages = await this.#reads.items(query, log.messageOf);
    return messages.filter((message) => message !== undefined);
  }

  async #page<Item>(
    { page, total }: { page: SqlStatement; total: SqlStatement },
    read: (row: SqlRow) => Item,
  ): Promise<Page<Item>> {
    const [rows = [], [count] = []] = await this.#reads.query(page, total);
    return {
      rows: rows.map(read),
      total: count === undefined ? 0 : integer(count, "total"),
    };
  }
}
