/**
 * Opens the store that `DATABASE_URL` names.
 *
 * @module
 */

import { type Clock, SystemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { type CallbackPlan, NO_CALLBACKS } from "../wire/callback.ts";
import { Backups } from "./backup.ts";
import { endpointOf, selectEndpoints } from "./endpoint_table.ts";
import { lockDatabase } from "./file_lock.ts";
import { dropEveryLease } from "./live_lease_table.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations.ts";
import { text } from "./row.ts";
import {
  SqliteConnection,
  type SqliteConnectionOptions,
  type SqliteTarget,
} from "./sqlite_connection.ts";
import { sqlitePath } from "./sqlite_path.ts";
import { SqliteReaders } from "./sqlite_readers.ts";
import { SqliteStore } from "./sqlite_store.ts";

/** How long a statement waits for a lock of another program, in ms. */
const LOCK_WAIT_MS = 1000;
/** The write-ahead log is cut back to this size once it is checkpointed. */
const WAL_BYTES_KEPT = 64 * 1024 * 1024;

/** Without a write-ahead log, so that nothing of a copy is beside it. */
const COPY_PRAGMAS = ["journal_mode = DELETE"];

/** A reader waits only while the log beside the file is being taken over. */
const READER_PRAGMAS = [`busy_timeout = ${LOCK_WAIT_MS}`, "query_only = ON"];

export interface SqliteStoreOptions {
  /** As `DATABASE_URL`; see {@linkcode sqlitePath}. */
  readonly url: string;
  readonly log: Log;
  /** Which bans and mutes still stand, and how long one waits. */
  readonly clock?: Clock;
  /**
   * Whether each commit waits for the disk. Without it a commit survives the
   * end of the process, and may be lost with the machine's power.
   *
   * @default {false}
   */
  readonly syncCommits?: boolean;
  /**
   * Which events wait for an endpoint, and whether there are extra ones.
   *
   * @default {NO_CALLBACKS}
   */
  readonly plan?: CallbackPlan;
  /**
   * Whether events wait for the endpoints that the database knows too, though
   * the plan has none: for a process that is not told where callbacks go.
   *
   * @default {false}
   */
  readonly keepsEndpoints?: boolean;
  /**
   * Connections that only read, beside the one that writes. Of a database in
   * memory there are none: it is seen by no connection but its own.
   *
   * @default {0}
   */
  readonly readerCount?: number;
}

/**
 * Opens a database, made when there is none, and brings its tables up to date.
 *
 * @throws {SyntaxError} when the URL names no database.
 * @throws {Error} when another process holds the file, or it cannot be made.
 * @throws {StoreError} when it is damaged, or of a newer Parlor.
 */
export async function openSqliteStore(
  options: SqliteStoreOptions,
): Promise<SqliteStore> {
  const path = sqlitePath(options.url);
  const lock = path === ":memory:" ? undefined : await lockDatabase(path);
  const release = () => lock?.[Symbol.dispose]();
  try {
    return await openHeld(path, release, options);
  } catch (error) {
    release();
    throw error;
  }
}

async function openHeld(
  path: string,
  release: () => void,
  options: SqliteStoreOptions,
): Promise<SqliteStore> {
  const { log, syncCommits = false } = options;
  const { clock = new SystemClock() } = options;
  const isMemory = path === ":memory:";
  const target = { path, pragmas: isMemory ? [] : pragmas(syncCommits) };
  const connection = await openConnection(target, { clock, log });
  let { plan = NO_CALLBACKS } = options;
  let readers: SqliteReaders | undefined;
  try {
    const version = await migrate(connection, MIGRATIONS);
    log.info("The database is open", { event: "database_opened", ...version });
    // Whoever had a lease is gone: no other process has the database open.
    await connection.transaction([dropEveryLease()]);
    if (options.keepsEndpoints) plan = await joinedPlan(connection, plan);
    readers = await openReaders(connection, path, { ...options, clock });
  } catch (error) {
    await connection.close();
    throw error;
  }
  const open = async (target: SqliteTarget) => {
    const connection = await openConnection(target, { clock, log });
    return { connection, close: () => connection.close() };
  };
  const backups = new Backups(
    async () => {
      if (!isMemory) return await open(target);
      // A database in memory is seen by no connection but its own.
      return { connection, close: () => Promise.resolve() };
    },
    (path) => open({ path, pragmas: COPY_PRAGMAS }),
  );
  const parts = { connection, readers, backups, clock, plan, release };
  return new SqliteStore(parts);
}

/** Readers of a file with a write-ahead log; of another there are none. */
async function openReaders(
  writer: SqliteConnection,
  path: string,
  options: SqliteStoreOptions & { readonly clock: Clock },
): Promise<SqliteReaders | undefined> {
  const { clock, log, readerCount = 0 } = options;
  if (readerCount === 0 || !await hasWriteAheadLog(writer)) return undefined;
  const readers = new SqliteReaders({
    readerCount,
    target: { path, pragmas: READER_PRAGMAS, isReadOnly: true },
    start: (onFree) => new SqliteConnection({ clock, log, onFree }),
    writer,
    clock,
    log,
  });
  await readers.open();
  return readers;
}

/** Some file systems cannot have one; there a read would hold up writes. */
async function hasWriteAheadLog(writer: SqliteConnection): Promise<boolean> {
  const [row] = await writer.rows({ sql: "PRAGMA journal_mode" });
  return row !== undefined && text(row, "journal_mode") === "wal";
}

/** A plan, with the endpoints that callbacks went to when one last started. */
async function joinedPlan(
  connection: SqliteConnection,
  { endpoints, hasExtra }: CallbackPlan,
): Promise<CallbackPlan> {
  const rows = await connection.rows(selectEndpoints());
  const known = new Set(rows.map((row) => endpointOf(row).name));
  return { endpoints: endpoints.union(known), hasExtra };
}

async function openConnection(
  target: SqliteTarget,
  options: SqliteConnectionOptions,
): Promise<SqliteConnection> {
  const connection = new SqliteConnection(options);
  await connection.open(target);
  return connection;
}

function pragmas(syncCommits: boolean): string[] {
  return [
    `busy_timeout = ${LOCK_WAIT_MS}`,
    "journal_mode = WAL",
    `synchronous = ${syncCommits ? "FULL" : "NORMAL"}`,
    `journal_size_limit = ${WAL_BYTES_KEPT}`,
  ];
}
