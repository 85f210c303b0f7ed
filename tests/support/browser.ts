/**
 * A real browser, for tests of what a user does on a page.
 *
 * Chromium is the system's. Where there is none, tests that need it are
 * skipped by name, so that a run says what it left out; with
 * `BROWSER_REQUIRED=1` they fail instead.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { WAIT_MS_MAX } from "./within.ts";

const PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

const CHROMIUM = Deno.env.get("CHROMIUM") ?? PATHS.find(isFile);
const IS_REQUIRED = Deno.env.get("BROWSER_REQUIRED") === "1";

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Declares a test that launches a browser. */
export function browserTest(name: string, run: () => Promise<void>): void {
  Deno.test({
    name: `${name} (needs chromium)`,
    ignore: CHROMIUM === undefined && !IS_REQUIRED,
    // The library starts a process and timers of its own, and ends them later.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: run,
  });
}

/** One browser with any number of users in it; launched after the server. */
export class TestBrowser implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #faults: string[] = [];

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(): Promise<TestBrowser> {
    assert(CHROMIUM !== undefined, "no Chromium is installed");
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      // Containers have no user namespaces; only our own pages are opened.
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
    });
    return new TestBrowser(browser);
  }

  /** A window with cookies of its own. */
  async open(options: BrowserContextOptions = {}): Promise<Page> {
    const context: BrowserContext = await this.#browser.newContext({
      locale: "en-US",
      viewport: { width: 1000, height: 800 },
      ...options,
    });
    context.setDefaultTimeout(WAIT_MS_MAX);
    const page = await context.newPage();
    page.on("pageerror", (error) => this.#faults.push(String(error)));
    page.on("dialog", (dialog) => {
      this.#faults.push(`A dialog said ${dialog.message()}`);
      dialog.dismiss().catch(() => {});
    });
    page.on("console", (message) => {
      const isPolicy = /Content Security Policy/i.test(message.text());
      if (isPolicy) this.#faults.push(message.text());
    });
    return page;
  }

  /** A window of a user who has logged in. */
  async logIn(
    server: string,
    user: { readonly userId: string; readonly nickname: string },
    options: BrowserContextOptions = {},
  ): Promise<Page> {
    const page = await this.open(options);
    await page.goto(`${server}/login`);
    await page.fill("#user_id", user.userId);
    await page.fill("#nickname", user.nickname);
    await page.press("#nickname", "Enter");
    await page.waitForURL(`${server}/`);
    return page;
  }

  /** Closes it; fails when a page threw, asked, or broke its policy. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    assert.deepEqual(this.#faults, []);
  }
}

/** Fails when a page is wider than its window. */
export async function assertFits(page: Page): Promise<void> {
  const tooWide = await page.evaluate(
    "document.documentElement.scrollWidth - innerWidth",
  );
  assert.equal(tooWide, 0, `${page.url()} is too wide`);
}
