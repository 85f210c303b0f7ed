import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import {
  BROADCAST_TEXT,
  GREETING,
  roomText,
  snippetProgram,
  type SnippetStep,
} from "../e2e/device_snippets.ts";
import { HAS_NODE, NodeSnippet } from "../e2e/device_snippet_node.ts";
import { browserTest, TestBrowser } from "../support/browser.ts";
import { DeviceClient } from "../support/device_client.ts";
import { Inbox } from "../support/inbox.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

const DESKTOP =
  '{"device_id":"device_456","identity":"desktop_user","room_id":"ABC123"}';

/** A server that makes the room of the document. */
function newDocumentApp(): Promise<TestApp> {
  return newTestApp({
    DEVICE_BIND_ADDRESS: "127.0.0.1:0",
    DEVICE_CREATE_NAMED_ROOMS: "true",
  }, { isRealTime: true });
}

/** The answer to a query; `clients` are device ids with identities. */
function roomInfoText(...clients: [id: string, identity: string][]): string {
  return JSON.stringify({
    type: "room_info",
    room_id: "ABC123",
    total_clients: clients.length + 1,
    clients: clients.map(([id, identity]) => ({ device_id: id, identity })),
  });
}

/** The reference's JavaScript in a page. */
class PageSnippet {
  readonly #page: Page;
  readonly #heard = new Inbox<string>();

  constructor(page: Page) {
    this.#page = page;
  }

  /** @param url where the document says `ws://yourserver:8765`. */
  static async start(page: Page, url: string): Promise<PageSnippet> {
    const snippet = new PageSnippet(page);
    await page.exposeFunction(
      "hear",
      (text: string) => snippet.#heard.put(text),
    );
    await page.setContent(`<script>${snippetProgram(url)}</script>`);
    return snippet;
  }

  /** Everything it heard, in order. */
  get heard(): readonly string[] {
    return this.#heard.all;
  }

  /** Takes a text that it heard. */
  async expect(text: string): Promise<void> {
    await this.#heard.take((one) => one === text, text);
  }

  async do(step: SnippetStep): Promise<void> {
    await this.#page.evaluate(`steps.${step}()`);
  }
}

browserTest(
  "The reference's JavaScript runs in a page word for word",
  async () => {
    await using app = await newDocumentApp();
    const address = `ws://127.0.0.1:${app.app.devicePort}`;
    await using browser = await TestBrowser.launch();
    const page = await PageSnippet.start(await browser.open(), address);
    await page.expect(roomText("created_new"));
    await using desktop = await DeviceClient.open(address);
    desktop.sendText(DESKTOP);
    await desktop.expectText(roomText("joined_existing"));
    await page.do("broadcast");
    await desktop.expectText(BROADCAST_TEXT);
    desktop.sendText(' {"a": 1.0, "b": "é"}');
    await page.expect(' {"a": 1.0, "b": "é"}');
    await page.do("query");
    await page.expect(roomInfoText(["device_456", "desktop_user"]));
    await page.do("close");
    await page.expect("closed with 1000");
    assert.deepEqual(page.heard, [
      GREETING,
      roomText("created_new"),
      ' {"a": 1.0, "b": "é"}',
      roomInfoText(["device_456", "desktop_user"]),
      "closed with 1000",
    ]);
  },
);

const declare = HAS_NODE ? browserTest : skippedTest;

function skippedTest(name: string, run: () => Promise<void>): void {
  Deno.test({ name: `${name} (needs node)`, ignore: true, fn: run });
}

declare(
  "The reference's JavaScript in a page and in Node is in one room, as one device and byte for byte",
  async () => {
    await using app = await newDocumentApp();
    const address = `ws://127.0.0.1:${app.app.devicePort}`;
    await using browser = await TestBrowser.launch();
    const page = await PageSnippet.start(await browser.open(), address);
    await page.expect(roomText("created_new"));
    await using node = new NodeSnippet(address);
    await node.expect(roomText("joined_existing"));
    await using desktop = await DeviceClient.open(address);
    desktop.sendText(DESKTOP);
    await desktop.expectText(roomText("joined_existing"));
    await page.do("broadcast");
    await node.expect(BROADCAST_TEXT);
    await desktop.expectText(BROADCAST_TEXT);
    await node.do("broadcast");
    await page.expect(BROADCAST_TEXT);
    await desktop.expectText(BROADCAST_TEXT);
    const others = roomInfoText(
      ["device_123", "mobile_user"],
      ["device_456", "desktop_user"],
    );
    await page.do("query");
    await page.expect(others);
    await node.do("query");
    await node.expect(others);
    assert.deepEqual(page.heard, [
      GREETING,
      roomText("created_new"),
      BROADCAST_TEXT,
      others,
    ]);
    assert.deepEqual(node.heard, [
      GREETING,
      roomText("joined_existing"),
      BROADCAST_TEXT,
      others,
    ]);
    await desktop.expectSilence();
  },
);
