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
  const { ask, reaped } = newTestHttp();
  await assertJson(await ask(CLEANUP, { method: "POST" }), 200, {
    rooms: [{ room_id: "idle-1", created_at: START_AT / 1000 }],
    counts: { active: 2, ended: 1, waiting: 0 },
  });
  assert.deepEqual(reaped, [{ force: false, dryRun: false }]);
});

Deno.test("POST cleanup passes on minutes, force and dry_run", async () => {
  const { ask, reaped } = newTestHttp();
  const body = { minutes: 0, force: true, dry_run: true };
  await (await ask(CLEANUP, { method: "POST", body })).text();
  assert.deepEqual(reaped, [{ minutes: 0, force: true, dryRun: true }]);
});

Deno.test("POST cleanup tells which room could not be ended", async () => {
  const { ask } = newTestHttp({
    reap: () =>
      Promise.resolve({
        rooms: [{ roomId: "r1", createdAt: START_AT, error: "busy" }],
        counts: { active: 1, ended: 0, waiting: 0 },
      }),
  });
  const response = await ask(CLEANUP, { method: "POST" });
  assert.deepEqual((await response.json()).rooms, [
    { room_id: "r1", created_at: START_AT / 1000, error: "busy" },
  ]);
});

Deno.test("POST cleanup refuses what it cannot read, and reaps nothing", async () => {
  const { ask, reaped } = newTestHttp();
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
  assert.deepEqual(reaped, []);
});
