import assert from "node:assert/strict";
import {
  DEVICES_MAX,
  purgeStale,
  USERS_MAX,
} from "../../src/jobs/stale_rows.ts";

/** Rows that are to go, and what was asked. */
function newRows(left: { devices: number; links: number; users: number }) {
  const asked: object[] = [];
  function take(kind: keyof typeof left, query: { readonly limit: number }) {
    asked.push({ kind, ...query });
    const count = Math.min(left[kind], query.limit);
    left[kind] -= count;
    return Promise.resolve(count);
  }
  return {
    asked,
    store: {
      purgeDevices: (
        query: { lastBefore: number; rowsMax: number; limit: number },
      ) => take("devices", query),
      purgeLinks: (query: { settledBefore: number; limit: number }) =>
        take("links", query),
      purgePresence: (
        query: { seenBefore: number; rowsMax: number; limit: number },
      ) => take("users", query),
    },
  };
}

Deno.test("purgeStale removes requests, users and devices from before an instant", async () => {
  const { asked, store } = newRows({ devices: 1, links: 2, users: 3 });
  const report = await purgeStale(store, 70, () => false);
  assert.deepEqual(report, { devices: 1, links: 2, users: 3 });
  assert.deepEqual(asked, [
    { kind: "devices", lastBefore: 70, rowsMax: DEVICES_MAX, limit: 2000 },
    { kind: "links", settledBefore: 70, limit: 2000 },
    { kind: "users", seenBefore: 70, rowsMax: USERS_MAX, limit: 2000 },
  ]);
});

Deno.test("purgeStale takes a step more after each that was full", async () => {
  const left = { devices: 2001, links: 1999, users: 2000 };
  const { asked, store } = newRows({ ...left });
  const report = await purgeStale(store, 70, () => false);
  assert.deepEqual(report, left);
  assert.equal(asked.length, 5);
});

Deno.test("purgeStale leaves the rest when it is over", async () => {
  const { asked, store } = newRows({ devices: 0, links: 9000, users: 9000 });
  const report = await purgeStale(store, 70, () => asked.length >= 3);
  assert.deepEqual(report, { devices: 0, links: 4000, users: 0 });
});
