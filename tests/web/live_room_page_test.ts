import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { assertFits, browserTest, TestBrowser } from "../support/browser.ts";
import {
  chat,
  gift,
  like,
  type LiveWorld,
  newLiveWorld,
} from "../support/live_world.ts";

const EVIL = `<img src=x onerror=alert(1)>"'&<script>alert(2)</script>`;
const OPEN = '#state-dot[data-state="open"]';

/** The page of a live room, once it was told how that stands. */
async function watch(
  browser: TestBrowser,
  { app }: LiveWorld,
  { liveId = "77", ...options }: { liveId?: string; locale?: string } = {},
): Promise<Page> {
  const page = await browser.open(options);
  await page.goto(`${app.url}/live/${liveId}`);
  await page.waitForSelector("#state-dot[data-state]");
  return page;
}

function texts(page: Page): Promise<string[]> {
  return page.locator("#feed .live-words").allTextContents();
}

browserTest(
  "Live-room page shows what was said lately, and what is said then",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    const connection = await world.start("77");
    connection.send(chat("before"));
    await world.expectKept("77", 1);
    const page = await watch(browser, world);
    await page.waitForSelector(OPEN);
    await page.waitForSelector("text=before");
    connection.send(chat("主播好!"));
    await page.waitForSelector("text=主播好!");
    connection.send(gift("g1", 3));
    await page.waitForSelector("text=玫瑰");
    connection.send({ type: "follow", id: "f1", "user_name": "Bo" });
    connection.send({ type: "stats", id: "s1", "current_viewers": 1234 });
    await page.waitForSelector("text=Bo follows now");
    assert.deepEqual(await texts(page), [
      "小雨 before",
      "小雨 主播好!",
      "老王 sent 玫瑰 × 3",
      "Bo follows now",
    ]);
    await page.waitForSelector("#watchers:text-is('1')");
    await world.pass(1000);
    await page.waitForSelector("#viewers:text-is('1,234')");
    await page.waitForSelector("#gifts:text-is('3')");
    assert.equal(await page.innerText("#chats"), "2");
    assert.equal(await page.locator("#composer").count(), 0);
  },
);

browserTest("Live-room page shows likes and visits as sums", async () => {
  await using world = await newLiveWorld();
  await using browser = await TestBrowser.launch();
  const connection = await world.start("77");
  const page = await watch(browser, world);
  await page.waitForSelector("#nothing:visible");
  for (let index = 1; index <= 10; index++) {
    connection.send(like(`l${index}`, index));
    connection.send({ type: "member", id: `m${index}`, "user_name": "Bo" });
  }
  await world.expectKept("77", 20);
  await world.pass(1000);
  const wanted = ["55 likes", "10 people came in"];
  await page.waitForSelector("text=10 people came in");
  assert.deepEqual((await texts(page)).sort(), wanted.toSorted());
  assert.equal(await page.isVisible("#nothing"), false);
  await page.reload();
  await page.waitForSelector("text=10 people came in");
  assert.deepEqual((await texts(page)).sort(), wanted.toSorted());
});

browserTest(
  "Live-room page shows what comes from outside as text, and fetches nothing",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    const connection = await world.start("77");
    const page = await browser.open();
    const hosts = new Set<string>();
    page.on("request", (request) => hosts.add(new URL(request.url()).host));
    await page.goto(`${world.app.url}/live/77`);
    await page.waitForSelector(OPEN);
    const user = {
      "user_name": EVIL,
      "user_avatar": "http://avatars.example/a.png",
    };
    connection.send(chat(EVIL, { id: "c", ...user }));
    connection.send({ ...gift("g"), "gift_name": EVIL, ...user });
    connection.send({ type: "fansclub", id: "f", content: EVIL });
    connection.send({ type: "chat", id: "x", content: { no: "text" } });
    connection.send(chat("last"));
    await page.waitForSelector("text=last");
    const said = page.locator(".live-said .live-words").first();
    assert.equal(await said.textContent(), `${EVIL} ${EVIL}`);
    assert.equal((await texts(page)).length, 4);
    assert.equal(await page.locator("#main img, #main script").count(), 0);
    assert.deepEqual([...hosts], [new URL(world.app.url).host]);
  },
);

browserTest(
  "Live-room page says that its room is not connected, and counts down",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    const connection = await world.start("77");
    const page = await watch(browser, world);
    await page.waitForSelector(OPEN);
    assert.equal(await page.isVisible("#banner"), false);
    world.upstream.misbehave({ kind: "refuse", status: 503 });
    connection.drop();
    await page.waitForSelector("#banner:has-text('the other side closed')");
    await page.waitForSelector("#banner-left:has-text('is in 1 s')");
    await page.waitForSelector("#banner-left:has-text('is in 0 s')");
    await world.pass(1000);
    await page.waitForSelector("#banner:has-text('refused (503)')");
    world.upstream.behave();
    await world.pass(2000);
    (await world.connected("77")).send(chat("back"));
    await page.waitForSelector("text=back");
    await page.waitForSelector("#banner", { state: "hidden" });
    await page.waitForSelector(OPEN);
  },
);

browserTest(
  "Live-room page says when its room is silent, over or stopped",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    const connection = await world.start("77");
    const page = await watch(browser, world);
    await world.pass(65_000);
    await page.waitForSelector("#banner:has-text('for a minute')");
    connection.send(chat("again"));
    await page.waitForSelector("#banner", { state: "hidden" });
    connection.send({ type: "control", id: "e", status: "ended" });
    await page.waitForSelector("#banner:has-text('is over')");
    await page.waitForSelector("#state:text-is('over')");
    await world.post("stop", "77");
    await page.waitForSelector("#state:text-is('stopped')");
    assert.deepEqual(await texts(page), [
      "小雨 again",
      "The live room is over",
    ]);
    await page.reload();
    await page.waitForSelector("#state:text-is('stopped')");
  },
);

browserTest(
  "Live-room page gives up where its room is not kept any more",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    await world.start("77");
    const { room_id: roomId } = await world.ask("77");
    const page = await watch(browser, world);
    await page.waitForSelector(OPEN);
    await world.post("stop", "77");
    await page.waitForSelector("#state:text-is('stopped')");
    await world.app.api(`DELETE /management/rooms/${roomId}`);
    await page.waitForSelector("#banner:has-text('not kept here any more')");
    const { status } = await world.app.api("GET /live/77");
    assert.equal(status, 404);
  },
);

browserTest("Live-room page shows what its quality is made of", async () => {
  await using world = await newLiveWorld();
  await using browser = await TestBrowser.launch();
  await world.start("77");
  await world.pass(10_000);
  const page = await watch(browser, world);
  await page.focus("#quality-box summary");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#quality-parts:has-text('100 %')");
  const parts = await page.innerText("#quality-parts");
  assert.match(parts, /Connected/);
  assert.match(parts, /100 of 100, counts 50 %/);
});

browserTest(
  "Live-room page lets a user write where that is open, and nobody else",
  async () => {
    await using world = await newLiveWorld({ settings: { LIVE_CHAT: "true" } });
    await using browser = await TestBrowser.launch();
    await world.start("77");
    const guest = await watch(browser, world);
    assert.equal(await guest.locator("#composer").count(), 0);
    await guest.click(".live-login a");
    await guest.waitForURL("**/login?next=%2Flive%2F77");
    await guest.fill("#user_id", "ann");
    await guest.fill("#nickname", EVIL);
    await guest.press("#nickname", "Enter");
    await guest.waitForURL("**/live/77");
    const other = await watch(browser, world);
    await other.waitForSelector(OPEN);
    await guest.waitForSelector(OPEN);
    await guest.fill("#text", "hello there");
    await guest.press("#text", "Enter");
    for (const page of [guest, other]) {
      await page.waitForSelector("text=hello there");
      assert.deepEqual(await texts(page), [`${EVIL} here hello there`]);
    }
    assert.equal(await guest.inputValue("#text"), "");
    await guest.context().setOffline(true);
    await guest.waitForSelector("#banner:has-text('Connection lost')");
    await guest.fill("#text", "while away");
    await guest.press("#text", "Enter");
    await guest.context().setOffline(false);
    await other.waitForSelector("text=while away");
    await guest.waitForSelector("text=while away");
    assert.equal((await texts(guest)).length, 2);
    await guest.context().clearCookies();
    await guest.context().setOffline(true);
    await guest.waitForSelector("#banner:has-text('Connection lost')");
    await guest.context().setOffline(false);
    await guest.waitForSelector("#banner", { state: "hidden" });
    await guest.fill("#text", "nobody says this");
    await guest.press("#text", "Enter");
    await guest.waitForSelector("#write-fault:has-text('Log in')");
    assert.equal(await guest.inputValue("#text"), "nobody says this");
  },
);

browserTest(
  "Live-room page fits every width, in both languages, light and dark",
  async () => {
    await using world = await newLiveWorld({ settings: { LIVE_CHAT: "true" } });
    await using browser = await TestBrowser.launch();
    const liveId = "w".repeat(50);
    const connection = await world.start(liveId);
    connection.send(chat("w".repeat(500), { "user_name": "n".repeat(100) }));
    connection.send({ ...gift("g"), "gift_name": "g".repeat(200) });
    await world.expectKept(liveId, 2);
    const user = { userId: "ann", nickname: "A".repeat(30) };
    for (const locale of ["en-US", "zh-CN"]) {
      for (const colorScheme of ["light", "dark"] as const) {
        const options = { locale, colorScheme };
        const page = await browser.logIn(world.app.url, user, options);
        await page.goto(`${world.app.url}/live/${liveId}`);
        await page.waitForSelector(".live-gift");
        for (const width of [320, 360, 600, 1000, 1600]) {
          await page.setViewportSize({ width, height: 640 });
          await assertFits(page);
          assert(await page.isVisible("#composer button"));
        }
        await page.context().close();
      }
    }
  },
);

browserTest(
  "Live-room page leads back to the list on a phone, too",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    await world.start("77");
    const page = await watch(browser, world, { locale: "zh-CN" });
    await page.setViewportSize({ width: 320, height: 640 });
    await page.getByRole("link", { name: "所有直播间" }).click();
    await page.waitForSelector(".live-card");
    await page.goto(`${world.app.url}/live/nothing`);
    await page.getByRole("link", { name: "所有直播间" }).click();
    await page.waitForURL("**/live");
  },
);
