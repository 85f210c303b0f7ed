import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest, TestBrowser } from "../support/browser.ts";
import { startLiveUpstream } from "../support/live_upstream.ts";
import {
  chat,
  like,
  newLiveWorld,
  writeSources,
} from "../support/live_world.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { askApi } from "../support/test_app.ts";
import { eventually } from "../support/within.ts";

const OPEN = '#state-dot[data-state="open"]';
const LOST = "#banner:has-text('Connection lost')";

function texts(page: Page): Promise<string[]> {
  return page.locator("#feed .live-words").allTextContents();
}

async function watch(browser: TestBrowser, server: string): Promise<Page> {
  const page = await browser.open();
  await page.goto(`${server}/live/77`);
  await page.waitForSelector(OPEN);
  return page;
}

browserTest(
  "Live-room page goes on after a lost network, with all that it missed once",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    const connection = await world.start("77");
    const page = await watch(browser, world.app.url);
    connection.send(like("l1", 3));
    connection.send(chat("one"));
    await page.waitForSelector("text=one");
    // The like is gathered still, and was not told of when this breaks off.
    await page.context().setOffline(true);
    await page.waitForSelector(LOST);
    await world.app.expectConnections(0);
    connection.send(chat("two"));
    connection.send(like("l2", 4));
    await world.expectKept("77", 4);
    await page.context().setOffline(false);
    await page.waitForSelector("text=two");
    await page.waitForSelector("#banner", { state: "hidden" });
    connection.send(chat("three"));
    await page.waitForSelector("text=three");
    await world.pass(2000);
    assert.deepEqual((await texts(page)).sort(), [
      "3 likes",
      "4 likes",
      "小雨 one",
      "小雨 three",
      "小雨 two",
    ]);
  },
);

browserTest(
  "Live-room page says where more was missed than is told afterwards",
  async () => {
    await using world = await newLiveWorld({
      settings: { RESUME_ENTRIES_MAX: "10", RESUME_MEMORY_ENTRIES: "10" },
    });
    await using browser = await TestBrowser.launch();
    const connection = await world.start("77");
    const page = await watch(browser, world.app.url);
    connection.send(chat("before"));
    await page.waitForSelector("text=before");
    await page.context().setOffline(true);
    await page.waitForSelector(LOST);
    await world.app.expectConnections(0);
    for (let number = 1; number <= 11; number++) {
      connection.send(chat(`missed ${number}`));
    }
    await world.expectKept("77", 12);
    await page.context().setOffline(false);
    await page.waitForSelector("text=Some messages were left out here");
    connection.send(chat("after"));
    await page.waitForSelector("text=after");
    assert.deepEqual(await page.locator("#feed li").allInnerTexts(), [
      await page.locator("#feed li").first().innerText(),
      "Some messages were left out here",
      await page.locator("#feed li").last().innerText(),
    ]);
  },
);

browserTest("Live-room page of a quiet room keeps its connection", async () => {
  await using world = await newLiveWorld();
  await using browser = await TestBrowser.launch();
  await world.start("77");
  const page = await browser.open();
  let socketCount = 0;
  let beatCount = 0;
  page.on("websocket", (socket) => {
    socketCount += 1;
    socket.on("framereceived", ({ payload }) => {
      if (/"type":"heartbeat"/.test(String(payload))) beatCount += 1;
    });
  });
  await page.clock.install();
  await page.goto(`${world.app.url}/live/77`);
  await page.waitForSelector(OPEN);
  for (let beat = 1; beat <= 4; beat++) {
    await world.pass(30_000);
    await eventually(() => beatCount >= beat, {
      what: () => `heartbeat ${beat}, not ${beatCount}`,
    });
    await page.clock.fastForward(30_000);
  }
  assert.equal(socketCount, 1);
  assert.equal(await page.locator(LOST).count(), 0);
});

browserTest("Live-room page outlives a restart of the server", async () => {
  using folder = new TempFolder();
  await using upstream = startLiveUpstream();
  const env = {
    LIVE_SOURCES_FILE: writeSources(folder, upstream),
    LIVE_DEFAULT_SOURCE: "demo",
  };
  await using first = await ServerProcess.start({ cwd: folder.path, env });
  await using browser = await TestBrowser.launch();
  const { port } = new URL(first.url);
  await askApi(first.url, "POST /api/live/start", {
    body: { "live_id": "77" },
  });
  const connection = await upstream.connection("77");
  const page = await watch(browser, first.url);
  connection.send(chat("before"));
  await page.waitForSelector("text=before");
  await first.killHard();
  await page.waitForSelector(LOST);
  await using _second = await ServerProcess.start({
    cwd: folder.path,
    env: { ...env, BIND_ADDRESS: `127.0.0.1:${port}` },
  });
  (await upstream.connection("77")).send(chat("after"));
  await page.waitForSelector("text=after");
  await page.waitForSelector("#banner", { state: "hidden" });
  assert.deepEqual(await texts(page), ["小雨 before", "小雨 after"]);
});
