import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest, TestBrowser } from "../support/browser.ts";
import { chat, type LiveWorld, newLiveWorld } from "../support/live_world.ts";
import { eventually } from "../support/within.ts";

/** Lines of a page that follows, and of one that reads further up. */
const FOLLOWED_MAX = 500;
const PIECE_MAX = 2000;

const OPEN = '#state-dot[data-state="open"]';
const AT_END = `(() => {
  const { scrollHeight, scrollTop, clientHeight } =
    document.querySelector("#log");
  return scrollHeight - scrollTop - clientHeight < 2;
})()`;
const TO_TOP = 'document.querySelector("#log").scrollTop = 0';
const TOP = `(() => {
  const top = document.querySelector("#log").getBoundingClientRect().top;
  const lines = [...document.querySelectorAll("#feed [data-seq]")];
  const seen = lines.find((one) => one.getBoundingClientRect().bottom > top);
  return seen.dataset.seq + " " +
    Math.round(seen.getBoundingClientRect().top - top);
})()`;

async function watch(browser: TestBrowser, world: LiveWorld): Promise<Page> {
  const page = await browser.open();
  await page.goto(`${world.app.url}/live/77`);
  await page.waitForSelector(OPEN);
  return page;
}

/** Has the room say a run of numbers, and waits until they are kept. */
async function count(world: LiveWorld, from: number, to: number) {
  for (let number = from; number <= to; number++) {
    world.upstream.send("77", chat(`n${number}.`));
  }
  await world.expectKept("77", to);
}

/** The numbers of the messages that are on the page. */
function shown(page: Page): Promise<number[]> {
  return page.evaluate(
    `[...document.querySelectorAll("#feed [data-seq]")]
      .map((line) => Number(line.dataset.seq))`,
  );
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Reads back to the very beginning. */
async function readBack(page: Page): Promise<void> {
  while (await page.isVisible("#older")) {
    const [before = 0] = await shown(page);
    await page.click("#older");
    await eventually(async () => {
      const [first = 0] = await shown(page);
      return first < before;
    }, { what: () => `messages before ${before}` });
  }
}

browserTest(
  "Live feed follows the end, and keeps the place of who reads further up",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    await world.start("77");
    await count(world, 1, 60);
    const page = await watch(browser, world);
    await page.waitForSelector("text=n60.");
    await count(world, 61, 80);
    await page.waitForSelector("text=n80.");
    assert.equal(await page.evaluate(AT_END), true);
    assert.equal(await page.isVisible("#to-newest"), false);
    await page.evaluate(TO_TOP);
    const place = await page.evaluate(TOP);
    await count(world, 81, 90);
    await page.waitForSelector("#to-newest:visible");
    await page.waitForSelector("text=n90.");
    assert.equal(await page.evaluate(TOP), place);
    await page.focus("#to-newest");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#to-newest", { state: "hidden" });
    assert.equal(await page.evaluate(AT_END), true);
    await count(world, 91, 91);
    await page.waitForSelector("text=n91.");
    assert.equal(await page.evaluate(AT_END), true);
    await page.setViewportSize({ width: 320, height: 500 });
    await eventually(() => page.evaluate<boolean>(AT_END), {
      what: () => "the end after the window was made smaller",
    });
  },
);

browserTest(
  "Live feed reads back to the very beginning, and keeps the place",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    await world.start("77");
    await count(world, 1, 330);
    const page = await watch(browser, world);
    await page.waitForSelector("text=n330.");
    assert.deepEqual(await shown(page), numbers(281, 330));
    await page.evaluate(TO_TOP);
    await page.click("#older");
    await page.waitForSelector("text=n181.");
    assert.match(await page.evaluate(TOP), /^(279|28\d) /);
    await readBack(page);
    assert.deepEqual(await shown(page), numbers(1, 330));
  },
);

browserTest(
  "Live feed passes pages of the log over in which nothing is to be seen",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    await world.start("77");
    await count(world, 1, 5);
    for (let number = 6; number <= 300; number++) {
      const stats = { type: "stats", id: `s${number}`, "current_viewers": 1 };
      world.upstream.send("77", stats);
    }
    await world.expectKept("77", 300);
    const page = await watch(browser, world);
    await page.click("#older");
    await page.waitForSelector("text=n1.");
    assert.deepEqual(await shown(page), numbers(1, 5));
    await page.waitForSelector("#older", { state: "hidden" });
  },
);

browserTest(
  "Live feed draws a flood without a growing page, and leads back over all",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    await world.start("77");
    await count(world, 1, 10);
    const page = await watch(browser, world);
    await page.waitForSelector("text=n10.");
    await page.evaluate(`globalThis.slowest = 0;
      let before = performance.now();
      setInterval(() => {
        const now = performance.now();
        globalThis.slowest = Math.max(globalThis.slowest, now - before);
        before = now;
      }, 20)`);
    await count(world, 11, 5010);
    await page.waitForSelector("text=n5010.");
    assert.deepEqual(await shown(page), numbers(4511, 5010));
    assert.equal(await page.evaluate(AT_END), true);
    const slowest = await page.evaluate<number>("globalThis.slowest");
    assert(slowest < 5000, `the page stood still for ${slowest} ms`);
    await page.evaluate(TO_TOP);
    await page.click("#older");
    await page.waitForSelector("text=n4411.");
    const all = await shown(page);
    assert.deepEqual(all, numbers(4411, 5010));
    assert.equal(all.length - FOLLOWED_MAX, 100);
  },
);

browserTest(
  "Live feed keeps a bounded piece for who reads further up, and says so",
  async () => {
    await using world = await newLiveWorld();
    await using browser = await TestBrowser.launch();
    await world.start("77");
    await count(world, 1, 60);
    const page = await watch(browser, world);
    await page.waitForSelector("text=n60.");
    await page.evaluate(TO_TOP);
    const place = await page.evaluate(TOP);
    await page.waitForTimeout(50);
    await count(world, 61, 3000);
    await page.waitForSelector("text=More has come than is kept here");
    await page.waitForSelector("text=n61.");
    assert.equal(await page.evaluate(TOP), place);
    assert.deepEqual(await shown(page), numbers(11, PIECE_MAX + 10));
    // The end of the piece is not the end of the log.
    await page.evaluate('document.querySelector("#log").scrollTop = 1e9');
    await count(world, 3001, 3001);
    await page.waitForTimeout(100);
    assert.equal((await shown(page)).length, PIECE_MAX);
    await page.click("#to-newest");
    await page.waitForSelector("text=n3001.");
    assert.deepEqual(await shown(page), numbers(2502, 3001));
    assert.equal(await page.getByText("More has come than").count(), 0);
    await page.evaluate(TO_TOP);
    await readBack(page);
    assert.deepEqual(await shown(page), numbers(1, PIECE_MAX));
    await page.click("#to-newest");
    await page.waitForSelector("text=n3001.");
    assert.deepEqual(await shown(page), numbers(2502, 3001));
  },
);
