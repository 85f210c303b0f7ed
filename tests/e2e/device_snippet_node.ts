/**
 * The reference's JavaScript in a Node of its own, which is told line by line
 * what to do next.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Inbox } from "../support/inbox.ts";
import { within } from "../support/within.ts";
import { snippetProgram, type SnippetStep } from "./device_snippets.ts";

/** A Node that has a WebSocket, when it is not the one on PATH. */
const NODE = Deno.env.get("PARLOR_TEST_NODE") ?? "node";

/** Node 20 and 21 have a WebSocket behind a flag, later ones without. */
const FLAGS = nodeFlags();

/** Whether there is a Node with a WebSocket. */
export const HAS_NODE = FLAGS !== undefined;

function nodeFlags(): string[] | undefined {
  const code = "process.exit(typeof WebSocket === 'function' ? 0 : 1)";
  const choices = [[], ["--experimental-websocket"]];
  return choices.find((flags) => {
    try {
      const node = new Deno.Command(NODE, { args: [...flags, "-e", code] });
      return node.outputSync().success;
    } catch {
      return false;
    }
  });
}

/** The program, and what it heard so far. */
export class NodeSnippet implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #heard = new Inbox<string>();
  readonly #reading: Promise<void>;
  readonly #steps: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;

  /** @param url where the document says `ws://yourserver:8765`. */
  constructor(url: string) {
    assert(FLAGS !== undefined, `${NODE} is no Node with a WebSocket`);
    const node = new Deno.Command(NODE, {
      args: [...FLAGS, "--input-type=module", "--eval", programOf(url)],
      stdin: "piped",
      stdout: "piped",
    });
    this.#child = node.spawn();
    this.#steps = this.#child.stdin.getWriter();
    this.#reading = this.#read();
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
    await this.#steps.write(new TextEncoder().encode(`${step}\n`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#steps.close();
    const { status } = this.#child;
    const { code } = await within(status, { what: "the end of Node" });
    await this.#reading;
    assert.equal(code, 0);
  }

  async #read(): Promise<void> {
    let rest = "";
    const texts = this.#child.stdout.pipeThrough(new TextDecoderStream());
    for await (const text of texts) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#heard.put(JSON.parse(line));
    }
    this.#heard.end("Node ended");
  }
}

/** It prints each text as a line of JSON, and ends with its input. */
function programOf(url: string): string {
  return `
import { createInterface } from "node:readline";
function hear(text) {
  process.stdout.write(JSON.stringify(text) + "\\n");
}
${snippetProgram(url)}
for await (const step of createInterface({ input: process.stdin })) {
  steps[step]();
}
steps.close();
`;
}
