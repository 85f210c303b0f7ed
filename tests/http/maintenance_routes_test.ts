// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { StoreError } from "../../src/store/store.ts";
import { START_AT } from "../support/fake_clock.ts";
import {
  assertBadRequest,
  assertEmpty,
  assertJson,
  newTestHttp,
} from "../support/test_http.ts";

const CLEANUP = "/management/cleanup";

Deno.test("GET backup streams a copy with everything pending in it", async () => {
  const { ask, recorder } = newTestHttp();
  const response = await ask("/management/backup");
  assert.equal(response.status, 200);
  const { headers } = response;
  assert.equal(headers.get("Content-Type"), "application/octet-stream");
  assert.match(
    headers.get("Content-Disposition") ?? "",
    /filename="parlor.db"/,
  );
  assert.equal(await response.text(), "a database");
  assert.deepEqual(recorder.flushes, ["all"]);
});

Deno.test("GET backup makes no copy that would not be complete", async () => {
  const { ask, recorder } = newTestHttp({
    backup: () => assert.fail("no copy is made"),
  });
  recorder.failure = new StoreError("full", "no space");
  const response = await ask("/management/backup");
  assert.equal(response.status, 503);
  assert.equal((await response.json()).code, "storage_unavailable");
});

Deno.test("HEAD backup makes no copy", async () => {
  const { ask } = newTestHttp({ backup: () => assert.fail("no copy is made") });
  await assertEmpty(await ask("/management/backup", { method: "HEAD" }), 200);
});

Deno.test("POST cleanup reaps with the settings' own minutes", async () => {
  const { ask, cleanup } = newTestHttp();
  await assertJson(await ask(CLEANUP, { method: "POST" }), 200, {
    minutes: 7,
    device_minutes: 30,
    live_minutes: 60,
    rooms: [{
      room_id: "idle-1",
      kind: "managed",
      created_at: START_AT / 1000,
      empty_since_at: START_AT + 1000,
    }],
    spared: { connected: 1 },
    next_due_in_ms: null,
    counts: { active: 2, ended: 1, waiting: 0 },
  });
  assert.deepEqual(cleanup.runs, [{ force: false, dryRun: false }]);
});

Deno.test("POST cleanup passes on minutes, force and dry_run", async () => {
  const { ask, cleanup } = newTestHttp();
  const body = { minutes: 0, force: true, dry_run: true };
  const response = await ask(CLEANUP, { method: "POST", body });
  const { device_minutes, minutes } = await response.json();
  assert.deepEqual([minutes, device_minutes], [0, 0]);
  assert.deepEqual(cleanup.runs, [{ minutes: 0, force: true, dryRun: true }]);
});

Deno.test("POST cleanup says by which time device rooms go", async () => {
  const { ask, cleanup } = newTestHttp();
  async function deviceMinutes(body: object): Promise<number> {
    const response = await ask(CLEANUP, { method: "POST", body });
    return (await response.json()).device_minutes;
  }
  assert.equal(await deviceMinutes({}), 30);
  assert.equal(await deviceMinutes({ minutes: 3 }), 3);
  cleanup.deviceMinutes = 0;
  assert.equal(await deviceMinutes({}), 0);
  assert.equal(await deviceMinutes({ minutes: 3 }), 0);
});

Deno.test("POST cleanup tells which room could not be ended", async () => {
  const { ask, cleanup } = newTestHttp();
  const [room] = cleanup.report.rooms;
  assert(room);
  const rooms = [{ ...room, error: "busy" }];
  cleanup.report = { ...cleanup.report, rooms };
  const response = await ask(CLEANUP, { method: "POST" });
  assert.deepEqual(
    (await response.json()).rooms.map(({ error }: { error: string }) => error),
    ["busy"],
  );
});

Deno.test("POST cleanup refuses what it cannot read, and reaps nothing", async () => {
  const { ask, cleanup } = newTestHttp();
  const wrong: [body: unknown, field: string][] = [
    [{ minutes: -1 }, "minutes"],
    [{ minutes: 525_601 }, "minutes"],
    [{ minutes: "10" }, "minutes"],
    [{ force: "yes" }, "force"],
    [{ dry_run: 1 }, "dry_run"],
    [{ dryrun: true }, "dryrun"],
  ];
  for (const [body, field] of wrong) {
    const response = await ask(CLEANUP, { method: "POST", body });
    await assertBadRequest(response, new RegExp(`\\b${field}\\b`));
  }
  assert.deepEqual(cleanup.runs, []);
});

Deno.test("GET cleanup of a room says why it would not end", async () => {
  const { ask, cleanup } = newTestHttp();
  await assertJson(await ask(`${CLEANUP}/r1`), 200, {
    minutes: 7,
    room_id: "r1",
    kind: "managed",
    would_end: false,
    reason: "connected",
    due_in_ms: null,
    status: "active",
    created_at: START_AT / 1000,
    empty_since_at: null,
    last_message_at: null,
    ended_at: null,
    connections: 2,
  });
  assert.deepEqual(cleanup.explained, ["r1 undefined false"]);
  assert.deepEqual(cleanup.runs, []);
});

Deno.test("GET cleanup of a room takes minutes and force", async () => {
  const { ask, cleanup } = newTestHttp();
  cleanup.explanation = {
    ...cleanup.explanation,
    reason: "unknown",
    status: null,
    createdAt: null,
  };
  const path = `${CLEANUP}/a%20room?minutes=3&force=true`;
  const body = await (await ask(path)).json();
  assert.deepEqual(
    [body.room_id, body.minutes, body.reason, body.created_at],
    ["a room", 3, "unknown", null],
  );
  assert.deepEqual(cleanup.explained, ["a room 3 true"]);
});

Deno.test("GET cleanup of a device room says its own time", async () => {
  const { ask, cleanup } = newTestHttp();
  cleanup.explanation = { ...cleanup.explanation, kind: "device" };
  async function kindAndMinutes(query: string): Promise<unknown[]> {
    const response = await ask(`${CLEANUP}/DEVICES1${query}`);
    const { kind, minutes } = await response.json();
    return [kind, minutes];
  }
  assert.deepEqual(await kindAndMinutes(""), ["device", 30]);
  assert.deepEqual(await kindAndMinutes("?minutes=3"), ["device", 3]);
  cleanup.deviceMinutes = 0;
  assert.deepEqual(await kindAndMinutes("?minutes=3"), ["device", 0]);
});

Deno.test("GET cleanup of a room says true for one that would end", async () => {
  const { ask, cleanup } = newTestHttp();
  cleanup.explanation = { ...cleanup.explanation, reason: "due", dueInMs: 0 };
  const body = await (await ask(`${CLEANUP}/r1`)).json();
  assert.deepEqual([body.would_end, body.due_in_ms], [true, 0]);
});

Deno.test("GET cleanup of a room refuses what it cannot read", async () => {
  const { ask, cleanup } = newTestHttp();
  const wrong: [query: string, field: string][] = [
    ["minutes=-1", "minutes"],
    ["minutes=525601", "minutes"],
    ["minutes=", "minutes"],
    ["force=yes", "force"],
  ];
  for (const [query, field] of wrong) {
    const response = await ask(`${CLEANUP}/r1?${query}`);
    await assertBadRequest(response, new RegExp(`\\b${field}\\b`));
  }
  const response = await ask(`${CLEANUP}/${"r".repeat(201)}`);
  await assertBadRequest(response, /room_id/);
  assert.deepEqual(cleanup.explained, []);
});

Deno.test("POST cleanup of heart links answers what became of them", async () => {
  const { ask, cleanup } = newTestHttp();
  const path = `${CLEANUP}/heart-links`;
  await assertJson(await ask(path, { method: "POST" }), 200, {
    expired: 3,
    pending: 2,
    matched: 4,
  });
  assert.equal(cleanup.sweeps, 1);
});

Deno.test("POST cleanup says by which time live rooms go, and GET the same of one", async () => {
  const { ask, cleanup } = newTestHttp();
  cleanup.explanation = { ...cleanup.explanation, kind: "live" };
  async function minutes(asked?: number): Promise<unknown[]> {
    const body = asked === undefined ? {} : { minutes: asked };
    const query = asked === undefined ? "" : `?minutes=${asked}`;
    const posted = await (await ask(CLEANUP, { method: "POST", body })).json();
    const read = await (await ask(`${CLEANUP}/L1${query}`)).json();
    return [posted.live_minutes, read.minutes];
  }
  assert.deepEqual(await minutes(), [60, 60]);
  assert.deepEqual(await minutes(3), [3, 3]);
  cleanup.liveMinutes = 0;
  assert.deepEqual(await minutes(3), [0, 0]);
});
