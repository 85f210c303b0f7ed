/**
 * Records, stores and folders for the store's tests.
 *
 * @module
 */

import { silentLog } from "../../src/base/log.ts";
import { migrate } from "../../src/store/migrate.ts";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { openSqliteStore } from "../../src/store/open_sqlite_store.ts";
import {
  SqliteConnection,
  type SqliteConnectionOptions,
} from "../../src/store/sqlite_connection.ts";
import type { SqliteStore } from "../../src/store/sqlite_store.ts";
import type { CallbackPlan } from "../../src/wire/callback.ts";
import type { EntryKind, EntryPayloads } from "../../src/wire/entry.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import type { NewLink, SettledLink } from "../../src/wire/heart_link.ts";
import type {
  ChatSpec,
  ClosedSession,
  DurableRecord,
  NewRoom,
  OpenedSession,
  RoomQuery,
} from "../../src/wire/record.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** A round instant, in epoch ms, that tests count from. */
export const T0 = 1_700_000_000_000;

/** A store that closes, and its folder goes, when the test ends. */
export interface TestStore extends AsyncDisposable {
  readonly store: SqliteStore;
  readonly clock: FakeClock;
}

/** Where a store can be. */
export type Place = "memory" | "file";

export async function newStore(
  place: Place,
  options: { readonly plan?: CallbackPlan } = {},
): Promise<TestStore> {
  const folder = place === "file" ? new TempFolder() : undefined;
  const url = folder === undefined
    ? "sqlite::memory:"
    : `sqlite:${folder.file("parlor.db")}`;
  const clock = new FakeClock();
  const store = await openSqliteStore({
    url,
    clock,
    log: silentLog,
    ...options,
  });
  return {
    store,
    clock,
    async [Symbol.asyncDispose]() {
      await store.close();
      folder?.[Symbol.dispose]();
    },
  };
}

/** One test in both places. */
export function testStore(
  name: string,
  run: (test: TestStore) => Promise<void>,
): void {
  for (const place of ["memory", "file"] as const) {
    Deno.test(`${name} (${place})`, async () => {
      await using test = await newStore(place);
      await run(test);
    });
  }
}

/** A connection that closes when the test ends. */
export async function newConnection(
  options: Partial<SqliteConnectionOptions> & {
    path?: string;
    pragmas?: readonly string[];
    isReadOnly?: boolean;
  } = {},
): Promise<SqliteConnection & AsyncDisposable> {
  const { path = ":memory:", pragmas = [], isReadOnly = false } = options;
  const connection = new SqliteConnection({
    clock: new FakeClock(),
    log: silentLog,
    ...options,
  });
  await connection.open({ path, pragmas, isReadOnly });
  return Object.assign(connection, {
    [Symbol.asyncDispose]: () => connection.close(),
  });
}

/** A connection to a database that has its tables. */
export async function newMigrated(): Promise<
  SqliteConnection & AsyncDisposable
> {
  const connection = await newConnection();
  await migrate(connection, MIGRATIONS);
  return connection;
}

/** A room as it was made; `changes` are what the test is about. */
export function newRoom(changes: Partial<NewRoom> = {}): NewRoom {
  return {
    id: "room-1",
    kind: "managed",
    epoch: "epoch-1",
    name: "Tea house",
    slowModeSecs: null,
    membersMax: null,
    pinned: null,
    adminUserIds: [],
    autoClose: true,
    createdAt: T0,
    ...changes,
  };
}

export function created(changes: Partial<NewRoom> = {}): DurableRecord {
  return { type: "room_created", room: newRoom(changes) };
}

/** A room of kind `chat` with two people, unless the test says otherwise. */
export function chatCreated(
  changes: Partial<NewRoom> = {},
  chat: Partial<ChatSpec> = {},
): DurableRecord {
  return created({
    kind: "chat",
    name: "",
    chat: {
      access: "participants",
      participants: [
        { userId: "ann", nickname: "Ann" },
        { userId: "bob", nickname: "Bob" },
      ],
      isWaiting: false,
      ...chat,
    },
    ...changes,
  });
}

/** A room of kind `device`, the first of its line unless the test says so. */
export function deviceCreated(
  changes: Partial<NewRoom> = {},
  originId: string | null = null,
): DurableRecord {
  return created({
    kind: "device",
    name: "",
    device: { originId },
    ...changes,
  });
}

/** A room that is fed from outside. */
export function liveCreated(
  changes: Partial<NewRoom> = {},
  liveId = "7351",
): DurableRecord {
  return created({ kind: "live", name: liveId, live: { liveId }, ...changes });
}

/** An entry `seq` seconds after {@linkcode T0}, unless the test says when. */
export function newEntry<Kind extends EntryKind>(
  kind: Kind,
  seq: number,
  payload: EntryPayloads[Kind],
  changes: { roomId?: string; at?: number; actor?: string | null } = {},
): LogEntry<Kind> {
  const { roomId = "room-1", at = T0 + seq * 1000, actor = "ann" } = changes;
  const id = `${roomId}/${seq}`;
  return { roomId, seq, id, at, kind, actor, payload } as LogEntry<Kind>;
}

export function entry<Kind extends EntryKind>(
  kind: Kind,
  seq: number,
  payload: EntryPayloads[Kind],
  changes: { roomId?: string; at?: number; actor?: string | null } = {},
): DurableRecord {
  return {
    type: "entry",
    entry: newEntry(kind, seq, payload, changes) as LogEntry,
  };
}

export function said(
  seq: number,
  content = `message ${seq}`,
  changes: {
    roomId?: string;
    at?: number;
    actor?: string;
    clientMsgId?: string;
  } = {},
): DurableRecord {
  const { clientMsgId, ...rest } = changes;
  const named = clientMsgId === undefined ? {} : { clientMsgId };
  const payload = { nickname: "Ann", content, isAdmin: false, ...named };
  return entry("message", seq, payload, rest);
}

/** Something that a device sent, from its session `session-1`. */
export function relayed(
  seq: number,
  payload: Partial<EntryPayloads["relay"]> = {},
  changes: { roomId?: string; at?: number; actor?: string } = {},
): DurableRecord {
  const text = payload.base64 === undefined ? { text: `{"n":${seq}}` } : {};
  const sender = { identity: "sensor", sessionId: "session-1" };
  return entry("relay", seq, { ...sender, ...text, ...payload }, changes);
}

/** What came from outside: a chat, unless the test says otherwise. */
export function fed(
  seq: number,
  payload: Partial<EntryPayloads["live"]> = {},
  changes: { roomId?: string; at?: number } = {},
): DurableRecord {
  const text = `{"type":"chat","content":"message ${seq}"}`;
  const message = { type: "chat", text, count: 1, ...payload } as const;
  return entry("live", seq, message, { actor: null, ...changes });
}

/** Ann asks who is in the room. */
export function queried(changes: Partial<RoomQuery> = {}): DurableRecord {
  const query = {
    id: "query-1",
    roomId: "room-1",
    userId: "ann",
    at: T0 + 1000,
    ...changes,
  };
  return { type: "room_queried", query };
}

export function opened(changes: Partial<OpenedSession> = {}): DurableRecord {
  const session = {
    id: "session-1",
    roomId: "room-1",
    userId: "ann",
    nickname: "Ann",
    ip: "192.0.2.1",
    joinedAt: T0,
    peakUsers: 1,
    ...changes,
  };
  return { type: "session_opened", session };
}

export function closed(changes: Partial<ClosedSession> = {}): DurableRecord {
  const session = {
    id: "session-1",
    roomId: "room-1",
    leftAt: T0 + 60_000,
    closeCode: 1000,
    ...changes,
  };
  return { type: "session_closed", session };
}

/** Ann asks to be matched with anyone. */
export function requested(changes: Partial<NewLink> = {}): DurableRecord {
  const link = {
    id: "link-1",
    userId: "ann",
    nickname: "Ann",
    number: null,
    roomId: "room-1",
    createdAt: T0,
    ...changes,
  };
  return { type: "link_requested", link };
}

/** Ann is matched with Bob in the room where she waits. */
export function settled(changes: Partial<SettledLink> = {}): DurableRecord {
  const link = {
    id: "link-1",
    status: "matched" as const,
    at: T0 + 60_000,
    roomId: "room-1",
    partner: { userId: "bob", nickname: "Bob" },
    ...changes,
  };
  return { type: "link_settled", link };
}
