import assert from "node:assert/strict";
import { DialledSocket } from "../live/sources/upstream_world.ts";
import type { Misbehaviour } from "./live_misbehaviour.ts";
import { type LiveUpstream, startLiveUpstream } from "./live_upstream.ts";

/** The ids of the first messages that a connection is told. */
async function firstIds(
  upstream: LiveUpstream,
  { how, count }: { how?: Misbehaviour; count: number },
): Promise<string[]> {
  if (how !== undefined) upstream.misbehave(how, { times: 1 });
  const dialled = new DialledSocket(upstream.url("r"));
  const ids: string[] = [];
  while (ids.length < count) {
    const text = await dialled.text();
    ids.push(text.startsWith('{"type":"') ? JSON.parse(text).id : "bad");
  }
  dialled.socket.cut();
  await dialled.ended();
  return ids;
}

Deno.test("LiveUpstream tells a room's messages with ids that go on", async () => {
  await using upstream = startLiveUpstream({ rate: 500 });
  const first = await firstIds(upstream, { count: 20 });
  assert.deepEqual(first.slice(0, 3), ["r-1", "r-2", "r-3"]);
  await upstream.gone("r");
  const before = upstream.saidCount("r");
  const [next = ""] = await firstIds(upstream, { count: 1 });
  assert.equal(next, `r-${before + 1}`);
});

Deno.test("LiveUpstream says things twice, swapped, and with bad ones between", async () => {
  await using upstream = startLiveUpstream({ rate: 500 });
  const twice = await firstIds(upstream, {
    how: { kind: "duplicate" },
    count: 6,
  });
  for (const index of [0, 2, 4]) assert.equal(twice[index], twice[index + 1]);
  const bad = await firstIds(upstream, { how: { kind: "one_bad" }, count: 4 });
  assert.deepEqual([bad[0], bad[2]], ["bad", "bad"]);
  const swapped = await firstIds(upstream, {
    how: { kind: "reorder" },
    count: 60,
  });
  const numbers = swapped.map((id) => Number(id.slice(2)));
  assert.notDeepEqual(numbers, numbers.toSorted((a, b) => a - b));
  assert.equal(new Set(numbers).size, numbers.length);
});

Deno.test("LiveUpstream ends a room, drops and closes when it is told to", async () => {
  await using upstream = startLiveUpstream();
  upstream.misbehave({ kind: "end", afterMs: 1 }, { liveId: "over" });
  const over = new DialledSocket(upstream.url("over"));
  assert.equal(JSON.parse(await over.text()).status, "ended");
  over.socket.cut();
  await over.ended();
  upstream.misbehave({ kind: "drop", afterMs: 1 }, { times: 1 });
  assert.equal(
    (await new DialledSocket(upstream.url("r")).ended()).code,
    1006,
  );
  upstream.misbehave({ kind: "close", code: 1013, afterMs: 1 }, { times: 1 });
  assert.equal(
    (await new DialledSocket(upstream.url("r")).ended()).code,
    1013,
  );
  assert.equal(upstream.connections("r").length, 2);
  assert.equal(upstream.openCount("r"), 0);
});

Deno.test("LiveUpstream sends 5,000 messages a second and loses none", async () => {
  await using upstream = startLiveUpstream({ rate: 5000 });
  const dialled = new DialledSocket(upstream.url("r"));
  for (let index = 1; index <= 5000; index++) {
    const { id } = JSON.parse(await dialled.text());
    assert.equal(id, `r-${index}`);
  }
  dialled.socket.cut();
  await dialled.ended();
});

Deno.test("LiveUpstream has connections take turns", async () => {
  await using upstream = startLiveUpstream();
  upstream.takeTurns([
    { kind: "refuse", status: 403 },
    { kind: "close", code: 1001, afterMs: 0 },
  ]);
  const codes: (number | undefined)[] = [];
  for (let attempt = 0; attempt < 4; attempt++) {
    const { code } = await new DialledSocket(upstream.url("r")).ended();
    codes.push(code);
  }
  assert.deepEqual(codes, [403, 1001, 403, 1001]);
  assert.equal(upstream.triedCount("r"), 4);
});
