import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { assertFits, browserTest, TestBrowser } from "../support/browser.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

const PATH = "/tools/chat/active_rooms/";
const EVIL = `<img src=x onerror=alert(1)>`;

/** Two users in a room of their own. */
async function matched(
  browser: TestBrowser,
  app: TestApp,
  nicknames: readonly [string, string] = ["Ann", "Bo"],
): Promise<[Page, Page]> {
  const [ann, bo] = [
    await browser.logIn(app.url, { userId: "ann", nickname: nicknames[0] }),
    await browser.logIn(app.url, { userId: "bo", nickname: nicknames[1] }),
  ];
  for (const page of [ann, bo]) {
    await page.goto(`${app.url}/tools/heart_link/`);
    await page.click("#press");
    if (page === ann) await page.waitForSelector("#cancel:visible");
  }
  for (const page of [ann, bo]) {
    await page.waitForURL("**/tools/chat/enhanced/**");
    await page.waitForSelector('#state-dot[data-state="open"]');
  }
  return [ann, bo];
}

browserTest(
  "Active-rooms page shows a room until it is recycled",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const [ann, bo] = await matched(browser, app);
    await ann.goto(app.url + PATH);
    await ann.waitForSelector(".room");
    assert.equal(await ann.innerText("#room-count"), "1");
    await ann.waitForSelector("#online-count:text-is('2')");
    assert.equal(await ann.innerText("#link-state"), "None");
    await ann.waitForSelector("text=With Bo");
    await bo.close();
    await app.expectConnections(1);
    // Changes are told at most once a second.
    await app.clock.advance(1000);
    await ann.waitForSelector("text=Nobody else is here");
    await app.clock.advance(11 * 60_000);
    await app.runJob("reap");
    await ann.waitForSelector("#empty:visible");
    assert.equal(await ann.innerText("#room-count"), "0");
  },
);

browserTest(
  "Active-rooms page leads into a room, and ends one on leave",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const [ann, bo] = await matched(browser, app, ["Ann", EVIL]);
    const room = ann.url();
    await ann.goto(app.url + PATH);
    assert.match(await ann.innerText(".room h2"), /<img src=x/);
    await ann.click(".room .strong");
    await ann.waitForURL(room);
    await ann.goto(app.url + PATH);
    await ann.click(".room button");
    await ann.click("#leave button[value=stay]");
    assert.equal(await ann.locator(".room").count(), 1);
    await ann.click(".room button");
    await ann.click("#leave button[value=leave]");
    await ann.waitForSelector("#empty:visible");
    await bo.waitForSelector("#text[disabled]");
    await bo.reload();
    await bo.waitForURL("**/tools/chat-room-error/ended/**");
  },
);

browserTest(
  "Active-rooms page shows a request that waits, by the server's clock",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const ann = await browser.logIn(app.url, {
      userId: "ann",
      nickname: "Ann",
    });
    await ann.goto(`${app.url}/tools/heart_link/`);
    await ann.click("#press");
    await ann.waitForSelector("#cancel:visible");
    await ann.goto(app.url + PATH);
    await ann.waitForSelector("#link-panel:visible");
    assert.equal(await ann.innerText("#link-state"), "Waiting");
    assert.match(await ann.innerText("#link-left"), /^(10:00|9:5\d)$/);
    await ann.click("#link-cancel");
    await ann.waitForSelector("#link-panel", { state: "hidden" });
    assert.equal(await ann.innerText("#link-state"), "None");
  },
);

browserTest(
  "Active-rooms page says that it was refreshed when a later load overtook that",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const ann = await browser.logIn(app.url, {
      userId: "ann",
      nickname: "Ann",
    });
    await ann.goto(app.url + PATH);
    await ann.waitForSelector("#empty:visible");
    const isAsked = Promise.withResolvers<void>();
    const isHeld = Promise.withResolvers<void>();
    // The first answer is held until a later one was shown.
    await ann.route("**/active_rooms/", async (route) => {
      isAsked.resolve();
      await isHeld.promise;
      await route.continue();
    }, { times: 1 });
    await ann.click("#refresh");
    await isAsked.promise;
    const bob = await browser.logIn(app.url, {
      userId: "bob",
      nickname: "Bob",
    });
    for (const page of [ann, bob]) {
      await page.evaluate(async () => {
        await fetch("/tools/api/heart_link/create/", { method: "POST" });
      });
    }
    await ann.waitForSelector("[data-room-id]");
    isHeld.resolve();
    await ann.locator("#news", { hasText: /./ }).waitFor();
  },
);

browserTest(
  "Active-rooms page is refreshed by hand, and fits 360 px",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const page = await browser.logIn(
      app.url,
      { userId: "ann", nickname: "Ann" },
      { locale: "zh-CN", viewport: { width: 360, height: 740 } },
    );
    await page.goto(app.url + PATH);
    await page.waitForSelector("text=暂无活跃聊天室");
    await page.click("#refresh");
    await page.waitForSelector("text=刷新", { state: "visible" });
    await page.locator("#news", { hasText: /./ }).waitFor();
    await assertFits(page);
  },
);
