/**
 * An outbox over a database that a test can look into.
 *
 * @module
 */

import { migrate } from "../../src/store/migrate.ts";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { groupsOf } from "../../src/store/record_groups.ts";
import type { SqliteConnection } from "../../src/store/sqlite_connection.ts";
import { SqliteOutbox } from "../../src/store/sqlite_outbox.ts";
import type { SqlRow } from "../../src/store/sqlite_protocol.ts";
import {
  type CallbackPlan,
  ENDPOINT_NAMES,
  type EndpointName,
} from "../../src/wire/callback.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newConnection, opened, type Place, T0 } from "./fixture.ts";

/** Every endpoint, every type. */
export const EVERYTHING: CallbackPlan = {
  endpoints: new Set(ENDPOINT_NAMES),
  hasExtra: true,
};

/** These endpoints alone, and no extra types. */
export function only(...endpoints: EndpointName[]): CallbackPlan {
  return { endpoints: new Set(endpoints), hasExtra: false };
}

/** Small batches, so that there are several. */
export const SIZE = { chatMax: 3, sessionMax: 2, bytesMax: 1_000_000 };

/** An outbox, and what a test does to its database and asks of it. */
export interface TestOutbox extends AsyncDisposable {
  readonly connection: SqliteConnection;
  readonly outbox: SqliteOutbox;
  apply(...records: readonly DurableRecord[]): Promise<void>;
  rows(sql: string): Promise<SqlRow[]>;
  /** Ids of events, in order; all of them unless a condition says which. */
  ids(where?: string): Promise<unknown[]>;
  /** Delivers all that is due at an endpoint. */
  deliver(endpoint: EndpointName, at?: number): Promise<string[]>;
}

export async function newOutbox(
  plan: CallbackPlan = EVERYTHING,
  place: Place = "memory",
): Promise<TestOutbox> {
  const folder = place === "file" ? new TempFolder() : undefined;
  const path = folder?.file("parlor.db") ?? ":memory:";
  const connection = await newConnection({ path });
  await migrate(connection, MIGRATIONS);
  const outbox = new SqliteOutbox(connection, plan);
  const rows = (sql: string) => connection.rows({ sql });
  return {
    connection,
    outbox,
    rows,
    async apply(...records) {
      await connection.transaction(groupsOf(records, plan));
    },
    async ids(where = "true") {
      const sql = `SELECT id FROM event WHERE ${where} ORDER BY number`;
      return (await rows(sql)).map(({ id }) => id);
    },
    async deliver(endpoint, at = T0 + 1_000_000) {
      const query = { lanesMax: 100, eventsMax: 100, except: [] };
      const { lanes } = await outbox.due({ endpoint, now: at, ...query });
      await outbox.settle(lanes.map(({ roomId, events }) => ({
        endpoint,
        roomId,
        at,
        delivered: events.map(({ number }) => number),
        failure: null,
      })));
      return lanes.flatMap(({ events }) => events.map(({ id }) => id));
    },
    async [Symbol.asyncDispose]() {
      await connection.close();
      folder?.[Symbol.dispose]();
    },
  };
}

/** One test in memory and on disk. */
export function testOutbox(
  name: string,
  run: (test: TestOutbox) => Promise<void>,
  plan: CallbackPlan = EVERYTHING,
): void {
  for (const place of ["memory", "file"] as const) {
    Deno.test(`${name} (${place})`, async () => {
      await using test = await newOutbox(plan, place);
      await run(test);
    });
  }
}

/** Stays that began, one a second, each an event of `room-events`. */
export function joins(count: number, roomId = "room-1"): DurableRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `${roomId}.${index + 1}`;
    return opened({ id, roomId, joinedAt: T0 + index * 1000 });
  });
}
