import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest, TestBrowser } from "../support/browser.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newTestApp } from "../support/test_app.ts";

const ANN = { userId: "ann", nickname: "Ann" };
const BO = { userId: "bo", nickname: "Bo" };
const ROOM = "/tools/chat/enhanced/test-room-1/";
const OPEN = '#state-dot[data-state="open"]';
const LOST = '#state-dot[data-state="waiting"]';

async function say(page: Page, text: string): Promise<void> {
  await page.fill("#text", text);
  await page.press("#text", "Enter");
}

function texts(page: Page): Promise<string[]> {
  return page.locator("#messages .text").allTextContents();
}

browserTest(
  "Chat page goes on after a lost network, and sends what waited",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const ann = await browser.logIn(app.url, ANN);
    const bo = await browser.logIn(app.url, BO);
    for (const page of [ann, bo]) {
      await page.goto(app.url + ROOM);
      await page.waitForSelector(OPEN);
    }
    await say(ann, "before");
    await bo.waitForSelector("text=before");
    await bo.context().setOffline(true);
    await bo.waitForSelector(LOST);
    await say(bo, "while away");
    await bo.waitForSelector("text=Not sent yet");
    await say(ann, "missed");
    await bo.context().setOffline(false);
    await bo.waitForSelector("text=missed");
    await ann.waitForSelector("text=while away");
    assert.deepEqual(await texts(bo), ["before", "missed", "while away"]);
    assert.deepEqual(await texts(ann), ["before", "missed", "while away"]);
    assert.match(await bo.innerText(".note"), /While you were offline, 1 came/);
  },
);

browserTest(
  "Chat page sends what waited after a reload too, once",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const ann = await browser.logIn(app.url, ANN);
    await ann.goto(app.url + ROOM);
    await ann.waitForSelector(OPEN);
    await ann.context().setOffline(true);
    await ann.waitForSelector(LOST);
    await say(ann, "kept");
    await ann.context().setOffline(false);
    await ann.reload();
    await ann.waitForSelector("text=✓ Sent");
    assert.deepEqual(await texts(ann), ["kept"]);
    await ann.reload();
    await ann.waitForSelector("text=✓ Sent");
    assert.deepEqual(await texts(ann), ["kept"]);
  },
);

browserTest("Chat page outlives a restart of the server", async () => {
  using folder = new TempFolder();
  await using first = await ServerProcess.start({ cwd: folder.path });
  await using browser = await TestBrowser.launch();
  const { port } = new URL(first.url);
  const ann = await browser.logIn(first.url, ANN);
  await ann.goto(first.url + ROOM);
  await ann.waitForSelector(OPEN);
  await say(ann, "before");
  await ann.waitForSelector("text=✓ Sent");
  await first.killHard();
  await ann.waitForSelector(LOST);
  await say(ann, "in between");
  await using _second = await ServerProcess.start({
    cwd: folder.path,
    env: { BIND_ADDRESS: `127.0.0.1:${port}` },
  });
  await ann.waitForSelector("text=You were offline here");
  await ann.locator("[data-state=sent]").nth(1).waitFor();
  assert.deepEqual(await texts(ann), ["before", "in between"]);
});
