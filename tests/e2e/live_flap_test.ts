import assert from "node:assert/strict";
import { chat, type LiveWorld, newLiveWorld } from "../support/live_world.ts";
import { eventually } from "../support/within.ts";

const FLAPPING = Array.from({ length: 200 }, (_, index) => `flap-${index}`);

/** Waits until each of the links is in a state. */
async function expectAll(world: LiveWorld, state: string): Promise<void> {
  let others = "";
  await eventually(async () => {
    const { body } = await world.app.api("GET /api/live/status");
    const states = FLAPPING.map((id) => body.connections[id]?.state);
    others = states.filter((one) => one !== state).slice(0, 5).join(" ");
    return others === "";
  }, { what: () => `${state}, not ${others}` });
}

async function startFlapping(world: LiveWorld): Promise<void> {
  const answers = await Promise.all(
    FLAPPING.map((liveId) => world.post("start", liveId)),
  );
  for (const { status, body } of answers) {
    assert.equal(status, 200, JSON.stringify(body));
  }
}

/** Each of the links has a last word, and is gone. */
async function dropAll(world: LiveWorld, content: string): Promise<void> {
  await Promise.all(FLAPPING.map(async (liveId) => {
    const connection = world.upstream.connections(liveId).at(-1);
    connection?.send(chat(content));
    await connection?.sent();
    connection?.drop();
  }));
}

Deno.test("200 links that flap at once cost the viewer of another nothing and do not delay them", async () => {
  await using world = await newLiveWorld({
    settings: { LIVE_MAX_LINKS: "201" },
  });
  const healthy = await world.start("healthy");
  const viewer = await world.watch("healthy");
  const said: string[] = [];
  /** Time stands still: it is told without waiting for anything of others. */
  async function talk(): Promise<void> {
    for (let count = 0; count < 50; count++) {
      const content = `n${said.length}`;
      said.push(content);
      healthy.send(chat(content));
    }
    await viewer.expectChat(said.at(-1) ?? "");
  }
  await startFlapping(world);
  await talk();
  for (let round = 0; round < 5; round++) {
    await expectAll(world, "live");
    await dropAll(world, `${round}`);
    await talk();
    await expectAll(world, "waiting");
    const passing = world.pass(1000);
    await talk();
    await passing;
  }
  await expectAll(world, "live");
  assert.deepEqual(viewer.contents, said);
  assert.deepEqual(await world.logged("healthy"), said);
  assert.equal(world.upstream.triedCount("healthy"), 1);
  assert.deepEqual(viewer.states, []);
  for (const liveId of FLAPPING) {
    assert.equal(world.upstream.triedCount(liveId), 6, liveId);
    assert.equal(world.upstream.openCount(liveId), 1);
    assert.deepEqual(await world.logged(liveId), ["0", "1", "2", "3", "4"]);
  }
});

Deno.test("200 links whose handshakes hang do not hold up another's", async () => {
  await using world = await newLiveWorld({
    settings: { LIVE_MAX_LINKS: "201" },
  });
  world.upstream.misbehave({ kind: "slow" });
  await startFlapping(world);
  for (const liveId of FLAPPING) await world.upstream.tried(liveId, 1);
  world.upstream.behave();
  const healthy = await world.start("healthy");
  const viewer = await world.watch("healthy");
  healthy.send(chat("here"));
  await viewer.expectChat("here");
  await expectAll(world, "connecting");
  await world.pass(11_000);
  await expectAll(world, "live");
  healthy.send(chat("still here"));
  await viewer.expectChat("still here");
  assert.equal(world.upstream.triedCount("healthy"), 1);
});
