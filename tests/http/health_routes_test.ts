import assert from "node:assert/strict";
import { assertJson, newTestHttp } from "../support/test_http.ts";

Deno.test("The health routes answer without the key", async () => {
  const { ask } = newTestHttp();
  const health = await ask("/management/health", { key: null });
  assert.equal(health.status, 200);
  assert.equal(await health.text(), "OK");
  const live = await ask("/health/live", { key: null });
  await assertJson(live, 200, { status: "live" });
  const ready = await ask("/health/ready", { key: null });
  await assertJson(ready, 200, { status: "ready", reasons: [] });
});

Deno.test("GET health/ready answers 503 with the reasons, and live goes on", async () => {
  const { ask, server } = newTestHttp();
  server.draining = true;
  server.journalFailing = true;
  await assertJson(await ask("/health/ready"), 503, {
    status: "unready",
    reasons: ["draining", "journal_failing"],
  });
  await assertJson(await ask("/health/live"), 200, { status: "live" });
});

Deno.test("GET / tells what this is", async () => {
  const { ask } = newTestHttp();
  const response = await ask("/", { key: null });
  assert.equal(response.status, 200);
  assert.match(await response.text(), /^Parlor 0\.1\.0, .*README\.md/s);
});
