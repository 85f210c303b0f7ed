import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Page } from "playwright-core";
import { assertFits, browserTest, TestBrowser } from "../support/browser.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

const EVIL = `<img src=x onerror=alert(1)>"'&<script>alert(2)</script>`;
const EMPTY = "text=No messages yet";
const OPEN = '#state-dot[data-state="open"]';

/** A user in a public room. */
async function enter(
  browser: TestBrowser,
  app: TestApp,
  user: { userId: string; nickname: string },
  roomId = "test-room-1",
): Promise<Page> {
  const page = await browser.logIn(app.url, user);
  await page.goto(`${app.url}/tools/chat/enhanced/${roomId}/`);
  await page.waitForSelector(OPEN);
  return page;
}

async function pair(browser: TestBrowser, app: TestApp): Promise<[Page, Page]> {
  return [
    await enter(browser, app, { userId: "ann", nickname: "Ann" }),
    await enter(browser, app, { userId: "bo", nickname: "Bo" }),
  ];
}

async function say(page: Page, text: string): Promise<void> {
  await page.fill("#text", text);
  await page.press("#text", "Enter");
}

function texts(page: Page): Promise<string[]> {
  return page.locator("#messages .text").allTextContents();
}

browserTest(
  "Chat page carries a message, typing and its being read",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const [ann, bo] = await pair(browser, app);
    for (const page of [ann, bo]) await page.waitForSelector(EMPTY);
    await bo.fill("#text", "h");
    await ann.waitForSelector("text=Bo is typing");
    await say(bo, "hello\nthere");
    await ann.waitForSelector("text=hello");
    await ann.waitForSelector("text=Bo is typing", { state: "hidden" });
    await bo.waitForSelector("text=✓✓ Read");
    assert.deepEqual(await texts(ann), ["hello\nthere"]);
    assert.deepEqual(await texts(bo), ["hello\nthere"]);
    assert.equal(await ann.innerText("#announcer"), "Bo: hello there");
    for (const page of [ann, bo]) {
      assert.equal(await page.locator(EMPTY).count(), 0);
    }
  },
);

browserTest(
  "Chat page has everything again after a reload",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const [ann, bo] = await pair(browser, app);
    await say(ann, "one");
    await say(bo, "two");
    await ann.waitForSelector("text=two");
    await bo.waitForSelector("text=✓✓ Read");
    await bo.reload();
    await bo.waitForSelector("text=one");
    await bo.waitForSelector("text=✓✓ Read");
    assert.deepEqual(await texts(bo), await texts(ann));
  },
);

browserTest("Chat page pages upwards to the beginning", async () => {
  await using app = await newTestApp();
  await using browser = await TestBrowser.launch();
  const ann = await enter(browser, app, { userId: "ann", nickname: "Ann" });
  for (let number = 1; number <= 120; number++) await say(ann, `m${number}.`);
  await ann.waitForSelector("text=m120.");
  await ann.waitForSelector("[data-state=sending]", { state: "detached" });
  await ann.reload();
  await ann.waitForSelector("text=m120.");
  assert((await texts(ann)).length < 120);
  while (await ann.innerText("#history") !== "The beginning of this room") {
    await ann.evaluate("document.querySelector('#log').scrollTop = 0");
    await ann.waitForTimeout(20);
  }
  const expected = Array.from({ length: 120 }, (_, index) => `m${index + 1}.`);
  assert.deepEqual(await texts(ann), expected);
});

browserTest("Chat page takes a message back for everyone", async () => {
  await using app = await newTestApp();
  await using browser = await TestBrowser.launch();
  const [ann, bo] = await pair(browser, app);
  await say(ann, "a slip");
  await bo.waitForSelector("text=a slip");
  await ann.click(".message.own .delete");
  await bo.waitForSelector("text=Message deleted");
  assert.deepEqual(await texts(bo), []);
});

browserTest(
  "Chat page shows what a user typed as text alone",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const evil = { userId: `<b>"'`, nickname: `<i onclick=x>` };
    const ann = await enter(browser, app, { userId: "ann", nickname: "Ann" });
    const other = await enter(browser, app, evil);
    await say(other, EVIL);
    await ann.waitForSelector(".message .text");
    assert.deepEqual(await texts(ann), [EVIL]);
    assert.equal(await ann.innerText(".message .author"), evil.nickname);
    assert.equal(await ann.locator("#main img, #main i, #main b").count(), 0);
    const members = await ann.locator("#members").innerText();
    assert(members.includes(evil.nickname), members);
  },
);

browserTest(
  "Chat page shows who is here, and who is gone",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const [ann, bo] = await pair(browser, app);
    await ann.waitForSelector("#members [data-user-id=bo][data-status=online]");
    assert.equal(await ann.innerText("#room-title"), "test-room-1");
    await bo.close();
    await ann.waitForSelector(
      "#members [data-user-id=bo][data-status=offline]",
    );
  },
);

browserTest(
  "Chat page sends a file, and shows it to the others",
  async () => {
    using folder = new TempFolder();
    await using app = await newTestApp({ UPLOAD_DIR: folder.path });
    await using browser = await TestBrowser.launch();
    const [ann, bo] = await pair(browser, app);
    const text = { mimeType: "text/plain", buffer: Buffer.from("hello") };
    await ann.setInputFiles("#file", { name: "notes.txt", ...text });
    const link = bo.locator(".bubble a.file");
    await link.waitFor();
    assert.match(await link.innerText(), /notes\.txt/);
    assert.match(await link.getAttribute("rel") ?? "", /noopener/);
    const wrong = { mimeType: "image/png", buffer: Buffer.from("no image") };
    await ann.setInputFiles("#file", { name: "a.png", ...wrong });
    await ann.waitForSelector(".upload.bad");
    await ann.click(".upload.bad button:last-child");
    await ann.waitForSelector(".upload", { state: "detached" });
  },
);

browserTest(
  "Chat page fits 360 px, with its people behind a button",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const ann = await enter(browser, app, { userId: "ann", nickname: "Ann" });
    await say(ann, "w".repeat(500));
    await ann.setViewportSize({ width: 360, height: 640 });
    await ann.waitForSelector(".message");
    await assertFits(ann);
    assert.equal(await ann.isVisible("#people"), false);
    await ann.click("#show-people");
    await ann.waitForSelector("#people:visible");
    assert.equal(
      await ann.getAttribute("#show-people", "aria-expanded"),
      "true",
    );
  },
);

browserTest(
  "Chat page says in its own language why a file is refused",
  async () => {
    using folder = new TempFolder();
    await using app = await newTestApp({ UPLOAD_DIR: folder.path });
    await using browser = await TestBrowser.launch();
    const ann = await enter(browser, app, { userId: "ann", nickname: "Ann" });
    await ann.setInputFiles("input[type=file]", {
      name: "fake.png",
      mimeType: "image/png",
      buffer: Buffer.from("<svg>"),
    });
    await ann.waitForSelector("text=This kind of file is not taken");
  },
);

browserTest(
  "Chat page goes to the login once its user has logged out elsewhere",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const ann = await enter(browser, app, { userId: "ann", nickname: "Ann" });
    const other = await ann.context().newPage();
    await other.goto(`${app.url}/`);
    await ann.waitForSelector(OPEN);
    await other.click("text=Log out");
    await ann.waitForURL("**/login?next=**");
  },
);

browserTest("Chat page leads back to the rooms on a phone, too", async () => {
  await using app = await newTestApp();
  await using browser = await TestBrowser.launch();
  const ann = await enter(browser, app, { userId: "ann", nickname: "Ann" });
  await ann.setViewportSize({ width: 360, height: 640 });
  await assertFits(ann);
  await ann.getByRole("link", { name: "To your rooms" }).click();
  await ann.waitForURL("**/tools/chat/active_rooms/");
});
