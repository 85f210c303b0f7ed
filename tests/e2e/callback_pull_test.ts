// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { CallbackWorld } from "../support/callback_world.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";
import type { Frame } from "../support/ws_client.ts";

const PATH = "/management/sync/events";

/** An event of the stream. */
interface PulledEvent extends Frame {
  readonly id: string;
  readonly cursor: string;
}

interface PulledPage {
  readonly events: readonly PulledEvent[];
  readonly next: string;
  readonly has_more: boolean;
}

/** A page; fails unless the answer is a success. */
async function page(
  app: TestApp,
  query: Readonly<Record<string, string>>,
): Promise<PulledPage> {
  const line = `GET ${PATH}?${new URLSearchParams(query)}`;
  const { body, status } = await app.api(line);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** Every event, so many a page, as a backend would that keeps its cursor. */
async function walk(app: TestApp, limit: number): Promise<PulledEvent[]> {
  const events: PulledEvent[] = [];
  let after: string | undefined;
  for (let has_more = true; has_more;) {
    const query = after === undefined ? {} : { after };
    const next = await page(app, { ...query, limit: `${limit}` });
    assert(next.events.length <= limit);
    assert.equal(next.next, next.events.at(-1)?.cursor ?? after ?? next.next);
    events.push(...next.events);
    ({ next: after, has_more } = next);
  }
  return events;
}

function ids(events: readonly { readonly id?: string }[]): unknown[] {
  return events.map(({ id }) => id);
}

/** A room with a life from its creation to its end. */
async function liveAndEnd(app: TestApp): Promise<string> {
  const room_id = await app.createRoom();
  const ann = await app.joinRoom(room_id, "ann");
  for (const content of ["a", "b", "c"]) {
    ann.sendChat(content, content);
    await ann.expectAck(content);
  }
  await app.api("POST /management/sync");
  await app.api(`DELETE /management/rooms/${room_id}`);
  await ann.expectClosed(4504);
  return room_id;
}

Deno.test("Pulled events are those that are pushed", async () => {
  await using world = await CallbackWorld.start({
    urls: [
      "ROOM_EVENT_CALLBACK_URL",
      "CHAT_HISTORY_CALLBACK_URL",
      "SESSION_HISTORY_CALLBACK_URL",
      "PERIODIC_SYNC_CALLBACK_URL",
    ],
    settings: { CHAT_HISTORY_BATCH_SIZE: "2", ROOM_EVENT_EXTRA: "true" },
  });
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  const ann = await app.joinRoom(room_id, "ann");
  for (const content of ["a", "b", "c"]) {
    ann.sendChat(content, content);
    await ann.expectAck(content);
  }
  await world.api(`DELETE /management/rooms/${room_id}/messages/3`);
  await world.api("POST /management/sync");
  await world.quiet();
  await ann.close();
  await app.expectConnections(0);
  await world.api("POST /management/sync");
  await world.quiet();
  const pulled = await walk(app, 1000);
  assert.deepEqual(pulled.map(({ event_type }) => event_type), [
    "RoomCreated",
    "UserJoined",
    "MessageDeleted",
    "ChatHistoryBatch",
    "UserLeft",
    "SessionHistoryBatch",
  ]);
  const pushed = new Map(receiver.effects.map(({ id, body }) => [id, body]));
  for (const { id, cursor, ...body } of pulled) {
    assert.match(cursor, /^\S+-\d+$/);
    assert.deepEqual(body, pushed.get(id), id);
  }
  // Snapshots say nothing that happened: they are pushed alone.
  const alone = [...pushed.keys()].filter((id) => !ids(pulled).includes(id));
  assert(alone.length > 0 && alone.every((id) => id.startsWith("periodic_")));
});

Deno.test("Pages of any size have every event once and in one order, without a URL too", async () => {
  await using app = await newTestApp({ CHAT_HISTORY_BATCH_SIZE: "2" });
  for (let room = 0; room < 3; room++) await liveAndEnd(app);
  await app.idle();
  await app.app.core.callbacks.runs.idle();
  const all = await walk(app, 1000);
  assert.equal(all.length, 3 * 7);
  for (const limit of [1, 2, 5, 20, 21]) {
    assert.deepEqual(await walk(app, limit), all, `${limit} a page`);
  }
  const numbers = all.map(({ cursor }) => Number(cursor.split("-")[1]));
  assert.deepEqual(numbers, numbers.toSorted((one, two) => one - two));
});

Deno.test("A cursor finds what happened since, and nothing else", async () => {
  await using app = await newTestApp();
  const first = await app.createRoom();
  const { next, ...old } = await page(app, {});
  assert.deepEqual(ids(old.events), [`created_${first}`]);
  assert.equal(old.has_more, false);
  const none = await page(app, { after: next });
  assert.deepEqual(none, { events: [], next, has_more: false });
  const second = await app.createRoom();
  // What was answered is here, though nothing was flushed yet.
  const since = await page(app, { after: next });
  assert.deepEqual(ids(since.events), [`created_${second}`]);
});

Deno.test("Events are kept EVENT_RETENTION_HOURS, and older cursors are refused", async () => {
  await using world = await CallbackWorld.start({
    urls: [],
    settings: { EVENT_RETENTION_HOURS: "2" },
  });
  const { app, clock } = world;
  const rooms = [await app.createRoom(), await app.createRoom()];
  const [one, two] = await walk(app, 10);
  assert(one !== undefined && two !== undefined);
  clock.leap(2 * 3_600_000);
  await app.runJob("purge");
  assert.deepEqual(
    ids(await walk(app, 10)),
    rooms.map((id) => `created_${id}`),
  );
  const third = await app.createRoom();
  clock.leap(1);
  await app.runJob("purge");
  const refused = await app.api(`GET ${PATH}?after=${one.cursor}`);
  assert.deepEqual([refused.status, refused.body.code], [
    410,
    "cursor_expired",
  ]);
  // Who had taken all that was removed goes on.
  const kept = await page(app, { after: two.cursor });
  assert.deepEqual(ids(kept.events), [`created_${third}`]);
  assert.deepEqual(ids(await walk(app, 10)), [`created_${third}`]);
});

Deno.test("A cursor of another database is refused, and what is none too", async () => {
  await using other = await newTestApp();
  await other.createRoom();
  const { next } = await page(other, {});
  await using app = await newTestApp();
  await app.createRoom();
  for (
    const [after, status, code] of [
      [next, 410, "cursor_expired"],
      ["rubbish", 400, "bad_request"],
      [`${next}0`, 410, "cursor_expired"],
    ] as const
  ) {
    const answer = await app.api(`GET ${PATH}?after=${after}`);
    assert.deepEqual([answer.status, answer.body.code], [status, code], after);
  }
});
