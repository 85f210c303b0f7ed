/**
 * A program in Python that speaks in lines.
 *
 * @module
 */

import { Inbox } from "./inbox.ts";
import { PYTHON } from "./python.ts";
import { within } from "./within.ts";

/** A script that runs, with what it prints. */
export class PythonProgram implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines = new Inbox<string>();
  readonly #reading: Promise<void>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;

  constructor(script: string, ...args: string[]) {
    this.#child = new Deno.Command(PYTHON, {
      args: [script, ...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#reading = this.#read();
    this.#input = this.#child.stdin.getWriter();
  }

  /** Takes its next line. */
  async next(): Promise<string> {
    return await this.#lines.take(() => true, "a line of Python");
  }

  /** Takes its first line with a text that was not taken. */
  async expectLine(text: string): Promise<string> {
    return await this.#lines.take((line) => line.includes(text), text);
  }

  /** Writes a line to its standard input. */
  async write(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError)) throw error;
    }
    await within(this.#child.status, { what: "the end of Python" });
    await this.#reading;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoderStream();
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(decoder)) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#lines.put(line);
    }
    this.#lines.end("the program ended");
  }
}
