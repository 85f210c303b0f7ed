import assert from "node:assert/strict";
import { ANN, EVIL, PageWorld } from "./page_world.ts";

async function textOf(
  world: PageWorld,
  path: string,
  as?: typeof ANN,
): Promise<string> {
  const response = await world.ask(path, as === undefined ? {} : { as });
  assert.equal(response.status, 200, path);
  assert.match(
    response.headers.get("Content-Security-Policy") ?? "",
    /script-src 'self'/,
  );
  return await response.text();
}

Deno.test("livePages show anybody the list, with its module and its sheet", async () => {
  const world = new PageWorld();
  const text = await textOf(world, "/live");
  assert.match(text, /<title>Live rooms · Parlor/);
  assert.match(text, /id="key"/);
  assert.match(text, /Empty is douyin\./);
  for (
    const [, asset = ""] of text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)
  ) {
    assert.equal((await world.ask(asset)).status, 200, asset);
  }
  assert.match(text, /\/live_list_page\.js"/);
  assert.match(text, /\/live\.css"/);
});

Deno.test("livePages ask for no key where anybody may start", async () => {
  const world = new PageWorld({
    live: {
      isPublic: true,
      isChatOpen: false,
      defaultSource: "demo",
      isKnown: () => false,
    },
  });
  const text = await textOf(world, "/live");
  assert.doesNotMatch(text, /id="key"/);
});

Deno.test("livePages show a room that is known, without a field to write in", async () => {
  const world = new PageWorld();
  world.liveIds.add("room_1-a");
  const text = await textOf(world, "/live/room_1-a", ANN);
  assert.match(text, /data-live-id="room_1-a"/);
  assert.match(text, /\/live_room_page\.js"/);
  assert.doesNotMatch(text, /id="composer"/);
});

Deno.test("livePages let users write where that is allowed", async () => {
  const live = {
    isPublic: false,
    isChatOpen: true,
    defaultSource: "douyin",
    isKnown: () => true,
  };
  const world = new PageWorld({ live });
  const asked = await textOf(world, "/live/x");
  assert.match(asked, /href="\/login\?next=%2Flive%2Fx"/);
  assert.doesNotMatch(asked, /id="composer"/);
  const shown = await textOf(world, "/live/x", ANN);
  assert.match(shown, /id="composer"/);
  assert.match(shown, /maxlength="2000"/i);
});

Deno.test("livePages say that there is no such room, whatever it is called", async () => {
  const world = new PageWorld();
  for (const name of ["nothing", EVIL, "x".repeat(300)]) {
    const response = await world.ask(`/live/${encodeURIComponent(name)}`);
    assert.equal(response.status, 404);
    const text = await response.text();
    assert.match(text, /No such live room here/);
    assert.doesNotMatch(text, /<img/);
    assert.doesNotMatch(text, /started x{51}/);
  }
});
