import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { assertFits, browserTest, TestBrowser } from "../support/browser.ts";
import { chat, type LiveWorld, newLiveWorld } from "../support/live_world.ts";
import { TEST_KEY } from "../support/test_app.ts";

const EVIL = `<img src=x onerror=alert(1)>`;

/** The page, once it knows which live rooms there are. */
async function open(
  browser: TestBrowser,
  { app }: LiveWorld,
  options: Parameters<TestBrowser["open"]>[0] = {},
): Promise<Page> {
  const page = await browser.open(options);
  await page.goto(`${app.url}/live`);
  await page.locator("#updated", { hasText: /./ }).waitFor();
  return page;
}

function focused(page: Page): Promise<string> {
  return page.evaluate("document.activeElement.id");
}

/** Fills the form in and sends it, by the keyboard alone. */
async function start(page: Page, liveId: string, key?: string): Promise<void> {
  await page.fill("#live-id", liveId);
  if (key !== undefined) await page.fill("#key", key);
  await page.press("#live-id", "Enter");
}

function card(liveId: string): string {
  return `.live-card[data-live-id="${liveId}"]`;
}

browserTest(
  "Live-list page starts a room with the right key, and says why not without",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    const page = await open(browser, world);
    await page.waitForSelector("#empty:visible");
    await start(page, "77");
    await page.waitForSelector("#said.bad:has-text('give the key')");
    assert.equal(await focused(page), "key");
    assert.equal(await page.getAttribute("#key", "aria-invalid"), "true");
    await start(page, "77", "wrong");
    await page.waitForSelector("#said.bad:has-text('not the operator')");
    assert.equal(await focused(page), "key");
    assert.equal(await page.inputValue("#live-id"), "77");
    await start(page, "77", TEST_KEY);
    await page.waitForSelector("#said:has-text('77 is started.'):not(.bad)");
    assert.equal(await focused(page), "live-id");
    assert.equal(await page.inputValue("#live-id"), "");
    assert.equal(await page.getAttribute("#key", "aria-invalid"), "false");
    await world.connected("77");
    await page.waitForSelector(`${card("77")} .dot[data-state=open]`);
    assert.equal(await page.isVisible("#empty"), false);
    await start(page, "77");
    await page.waitForSelector("#said:has-text('77 was started already.')");
    assert.equal(world.upstream.triedCount("77"), 1);
    await page.reload();
    assert.equal(await page.inputValue("#key"), TEST_KEY);
    const other = await open(browser, world);
    assert.equal(await other.inputValue("#key"), "");
  },
);

browserTest(
  "Live-list page says in its own language what went wrong, as text",
  async () => {
    await using world = await newLiveWorld({ hasStatus: true });
    await using browser = await TestBrowser.launch();
    world.upstream.setStatus("over", 2);
    const page = await open(browser, world);
    await page.fill("#source", EVIL);
    await start(page, "77", TEST_KEY);
    await page.waitForSelector("#said:has-text('no source of this name')");
    await page.fill("#source", "");
    await start(page, "over");
    await page.waitForSelector("#said:has-text('or it is over')");
    const chinese = await open(browser, world, { locale: "zh-CN" });
    await start(chinese, "over", TEST_KEY);
    await chinese.waitForSelector("#said:has-text('直播间未开播或已结束')");
    assert.equal(await page.locator("#main img").count(), 0);
  },
);

browserTest(
  "Live-list page stops a room, and goes on from the form",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    await world.start("77");
    await world.start("78");
    const page = await open(browser, world);
    await page.click(`${card("77")} .stop`);
    await page.waitForSelector("#said.bad");
    assert.equal(await focused(page), "key");
    await page.fill("#key", TEST_KEY);
    await page.focus(`${card("77")} .stop`);
    await page.keyboard.press("Enter");
    await page.waitForSelector(card("77"), { state: "detached" });
    assert.equal(await page.innerText("#said"), "77 is stopped.");
    assert.equal(await focused(page), "live-id");
    assert.equal(await page.locator(card("78")).count(), 1);
    await world.expectState("77", "stopped");
  },
);

browserTest("Live-list page needs no key where anybody may start", async () => {
  await using world = await newLiveWorld({ settings: { LIVE_PUBLIC: "true" } });
  await using browser = await TestBrowser.launch();
  const page = await open(browser, world);
  assert.equal(await page.locator("#key").count(), 0);
  await start(page, "77");
  await page.waitForSelector(card("77"));
  await world.connected("77");
  await page.click(`${card("77")} .stop`);
  await page.waitForSelector("#empty:visible");
});

browserTest(
  "Live-list page counts down to an attempt, and makes one at once",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    const connection = await world.start("77");
    world.upstream.misbehave({ kind: "refuse", status: 503 });
    connection.drop();
    await world.expectState("77", "waiting");
    await world.pass(1000);
    await world.upstream.tried("77", 2);
    await world.expectState("77", "waiting");
    const page = await open(browser, world);
    const notice = `${card("77")} .live-notice`;
    await page.waitForSelector(`${notice}:has-text("refused (503)")`);
    assert.match(await page.innerText(notice), /next one is in [12] s/);
    // The page's own clock goes on: the words change between two loads.
    await page.waitForSelector(`${notice}:has-text("is in 0 s")`);
    world.upstream.behave();
    await page.fill("#key", TEST_KEY);
    await page.focus(`${card("77")} .retry`);
    await page.keyboard.press("Enter");
    await page.waitForSelector("#said:has-text('77 is tried now.')");
    await world.connected("77");
    await page.waitForSelector(`${card("77")} .dot[data-state=open]`);
    await page.waitForSelector(notice, { state: "hidden" });
    assert.equal(await page.isVisible(`${card("77")} .retry`), false);
  },
);

browserTest(
  "Live-list page shows a room's figures, and leads to it by the keyboard",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    await world.start("77");
    for (const content of ["a", "b", "c"]) {
      world.upstream.send("77", chat(content));
    }
    const stats = { type: "stats", id: "s", "current_viewers": 1234 };
    world.upstream.send("77", stats);
    await world.expectKept("77", 4);
    const page = await open(browser, world);
    await page.waitForSelector(`${card("77")}:has-text("1,234")`);
    const spark = page.getByRole("img", { name: /now 4$/ });
    assert.equal(await spark.count(), 1);
    await page.focus(`${card("77")} h2 a`);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/live/77");
    await page.getByRole("link", { name: "Live", exact: true }).click();
    await page.waitForSelector('nav [aria-current="page"]:text-is("Live")');
  },
);

browserTest(
  "Live-list page fits every width with none, one and eight rooms",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    const names = ["77", "w".repeat(50), "a_b-c", "4", "5", "6", "7", "8"];
    const page = await open(browser, world);
    for (const count of [0, 1, 8]) {
      for (const liveId of names.slice(0, count)) {
        await world.post("start", liveId);
      }
      await page.reload();
      const wanted = count === 0 ? "#empty:visible" : ".live-card";
      await page.waitForSelector(wanted);
      assert.equal(await page.locator(".live-card").count(), count);
      for (const width of [320, 360, 600, 768, 1000, 1600]) {
        await page.setViewportSize({ width, height: 700 });
        await assertFits(page);
      }
    }
  },
);

browserTest(
  "Live-list page says that it cannot load, until it can again",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    const page = await open(browser, world);
    await page.context().setOffline(true);
    await page.waitForSelector("#fault:has-text('cannot be reached')");
    await page.context().setOffline(false);
    await page.waitForSelector("#fault", { state: "hidden" });
  },
);
