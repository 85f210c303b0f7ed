import assert from "node:assert/strict";
import { assertFits, browserTest, TestBrowser } from "../support/browser.ts";
import { newTestApp } from "../support/test_app.ts";

const ANN = { userId: "ann", nickname: "Ann" };
const BO = { userId: "bo", nickname: "Bo" };
const PATH = "/tools/heart_link/";
const IN_ROOM = "**/tools/chat/enhanced/**";

browserTest(
  "Heart-link page takes two who press to one room",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const ann = await browser.logIn(app.url, ANN);
    const bo = await browser.logIn(app.url, BO);
    await ann.goto(app.url + PATH);
    await ann.click("#press");
    await ann.waitForSelector("#cancel:visible");
    assert.match(await ann.innerText("#left"), /^(10:00|9:5\d)$/);
    await bo.goto(app.url + PATH);
    await bo.click("#press");
    await bo.waitForURL(IN_ROOM);
    // Pushed: the clock by which the page would ask is not awaited.
    await ann.waitForURL(IN_ROOM);
    assert.equal(ann.url(), bo.url());
  },
);

browserTest(
  "Heart-link page waits on after a reload, and cancels",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const ann = await browser.logIn(app.url, ANN);
    await ann.goto(app.url + PATH);
    await ann.click("#press");
    await ann.waitForSelector("#cancel:visible");
    await ann.reload();
    await ann.click("#cancel");
    await ann.waitForSelector("text=The request was cancelled");
    await ann.waitForSelector("#press:visible");
  },
);

browserTest(
  "Heart-link page says when nobody came in time",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const ann = await browser.logIn(app.url, ANN);
    await ann.goto(app.url + PATH);
    await ann.click("#press");
    await ann.waitForSelector("#cancel:visible");
    await app.clock.advance(600_001);
    await ann.waitForSelector("text=Nobody came within ten minutes");
  },
);

browserTest(
  "Heart-link page matches two who name the same number",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    const ann = await browser.logIn(app.url, ANN);
    const bo = await browser.logIn(app.url, BO);
    for (const page of [ann, bo]) await page.goto(app.url + PATH);
    await ann.fill("#number", "12");
    await ann.press("#number", "Enter");
    await ann.waitForSelector("text=Enter four digits");
    await ann.fill("#number", "1234");
    await ann.press("#number", "Enter");
    await ann.waitForSelector("text=Waiting for somebody with 1234");
    await bo.fill("#number", "1234");
    await bo.press("#number", "Enter");
    for (const page of [ann, bo]) await page.waitForURL(IN_ROOM);
    assert.equal(ann.url(), bo.url());
  },
);

browserTest(
  "Heart-link page fits 360 px in both languages",
  async () => {
    await using app = await newTestApp();
    await using browser = await TestBrowser.launch();
    for (const locale of ["en-US", "zh-CN"]) {
      const viewport = { width: 360, height: 740 };
      const page = await browser.logIn(app.url, ANN, { locale, viewport });
      await page.goto(app.url + PATH);
      await assertFits(page);
      assert.equal(
        await page.getAttribute("html", "lang"),
        locale.replace("-US", ""),
      );
    }
  },
);
