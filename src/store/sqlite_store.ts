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
import type { LogEntry } from "../wire/entry.ts";
import type { DurableRecord } from "../wire/record.ts";
import type { Backups } from "./backup.ts";
import { orphansLeft } from "./event_table.ts";
import * as log from "./log_table.ts";
import * as meta from "./meta_table.ts";
import { groupsOf } from "./record_groups.ts";
import { recoveredRooms } from "./recovery.ts";
import * as rooms from "./room_table.ts";
import { integer } from "./row.ts";
import * as sessions from "./session_table.ts";
import type { SqliteConnection } from "./sqlite_connection.ts";
import { storeError } from "./sqlite_failure.ts";
import { SqliteOutbox } from "./sqlite_outbox.ts";
import type { SqlRow, SqlStatement } from "./sqlite_protocol.ts";
import type {
  ChatRow,
  LogRange,
  Page,
  PageQuery,
  RecoveredRoom,
  SessionQuery,
  SessionRow,
  Store,
  StoredRoom,
} from "./store.ts";

/** What a store is made of. */
export interface SqliteStoreParts {
  /** Open, with its tables as they should be. */
  readonly connection: SqliteConnection;
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
  readonly #backups: Backups;
  readonly #clock: Clock;
  readonly #plan: CallbackPlan;
  readonly #release: () => void;
  #closing: Promise<void> | undefined;

  constructor(parts: SqliteStoreParts) {
    this.#connection = parts.connection;
    this.#backups = parts.backups;
    this.#clock = parts.clock;
    this.#plan = parts.plan ?? NO_CALLBACKS;
    this.#release = parts.release;
    this.outbox = new SqliteOutbox(this.#connection, this.#plan);
  }

  async apply(records: readonly DurableRecord[]): Promise<void> {
    if (records.length === 0) return;
    await this.#connection.transaction(groupsOf(records, this.#plan));
  }

  async recover(
    { sendsSinceAt }: { sendsSinceAt: number },
  ): Promise<RecoveredRoom[]> {
    return await recoveredRooms(this.#connection, {
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

  async rooms(
    options: { ended: boolean; limit: number; offset: number },
  ): Promise<StoredRoom[]> {
    const rows = await this.#connection.rows(rooms.selectRooms(options));
    return rows.map(rooms.storedRoom);
  }

  async counts(): Promise<{ active: number; ended: number }> {
    const [row] = await this.#connection.rows(rooms.countRooms());
    return row === undefined
      ? { active: 0, ended: 0 }
      : { active: integer(row, "active"), ended: integer(row, "ended") };
  }

  async room(roomId: string): Promise<StoredRoom | undefined> {
    const [row] = await this.#connection.rows(rooms.selectRoom(roomId));
    return row === undefined ? undefined : rooms.storedRoom(row);
  }

  async log(roomId: string, range: LogRange): Promise<LogEntry[]> {
    const rows = await this.#connection.rows(log.selectLog(roomId, range));
    return rows.map(log.entryOf);
  }

  async message(
    roomId: string,
    seq: number,
  ): Promise<LogEntry<"message"> | undefined> {
    const [row] = await this.#connection.rows(log.selectMessage(roomId, seq));
    return row === undefined ? undefined : log.messageOf(row);
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
    await this.#backups.close();
    await this.#connection.close();
    this.#release();
  }

  async #page<Item>(
    { page, total }: { page: SqlStatement; total: SqlStatement },
    read: (row: SqlRow) => Item,
  ): Promise<Page<Item>> {
    const [rows = [], [count] = []] = await this.#connection.query(page, total);
    return {
      rows: rows.map(read),
      total: count === undefined ? 0 : integer(count, "total"),
    };
  }
}
