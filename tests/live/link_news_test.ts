import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import { LinkNews } from "../../src/live/link_news.ts";
import { newLinkWorld } from "./link_world.ts";

function newNews() {
  const world = newLinkWorld();
  const metrics = new Metrics();
  const news = new LinkNews({ ...world, metrics });
  return { ...world, metrics, news };
}

Deno.test("LinkNews counts each link under one state", async () => {
  const { news, link, metrics } = newNews();
  news.changed(link);
  link.connect();
  news.changed(link);
  news.changed(link);
  const { body } = await metrics.text();
  assert.match(body, /live_links\{state="waiting"\} 0/);
  assert.match(body, /live_links\{state="connecting"\} 1/);
  news.forget("7");
  const after = await metrics.text();
  assert.match(after.body, /live_links\{state="connecting"\} 0/);
  await link.halt();
});

Deno.test("LinkNews tells statistics once a second at most", async () => {
  const { news, link, clock, rooms } = newNews();
  const room = rooms.create("7");
  room.watcherCount = 3;
  for (let index = 0; index < 5; index++) news.counted(link);
  await clock.advance(999);
  assert.equal(room.news.length, 0);
  await clock.advance(1);
  const stats = link.record.memory.stats();
  assert.deepEqual(room.news, [{ type: "live_stats", stats, watchers: 3 }]);
  news.counted(link);
  news.stop();
  assert.equal(clock.armed, 0);
});

Deno.test("LinkNews tells nobody where there is no room", async () => {
  const { news, link, clock } = newNews();
  news.changed(link);
  news.counted(link);
  await clock.advance(1000);
  assert.equal(clock.armed, 0);
});
