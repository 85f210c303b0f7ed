/**
 * From the frames of a server to messages.
 *
 * A frame is one message, an array of them, or several on lines of their own.
 * One that cannot be read takes none of the others with it.
 *
 * @module
 */

import type { FeedFault, SourceMessage } from "../../source.ts";
import { parseExact } from "./exact_json.ts";
import { FieldMapping } from "./field_mapping.ts";
import { FieldPath } from "./field_path.ts";
import { readMessage } from "./passed_message.ts";
import type { SourceConfig } from "./source_config.ts";

/** What is in a frame. */
export interface FrameContent {
  /** Those that could be read, in order. */
  readonly messages: readonly SourceMessage[];
  /** One for each that could not. */
  readonly faults: readonly FeedFault[];
}

/** Reads the frames of one source. */
export class FrameReader {
  readonly #isText: boolean;
  readonly #messages: FieldPath | undefined;
  readonly #mapping: FieldMapping | undefined;

  constructor(
    { format, messages, mapping }: Pick<
      SourceConfig,
      "format" | "messages" | "mapping"
    >,
  ) {
    this.#isText = format === "text";
    this.#messages = messages === undefined
      ? undefined
      : new FieldPath(messages);
    this.#mapping = mapping === undefined
      ? undefined
      : new FieldMapping(mapping);
  }

  /** What is in a text frame; nothing in one that is blank. */
  read(text: string): FrameContent {
    const messages: SourceMessage[] = [];
    const faults: FeedFault[] = [];
    if (text.trim() === "") return { messages, faults };
    for (const item of this.#items(text)) {
      const read = this.#message(item);
      if (typeof read === "object") messages.push(read);
      else if (read !== "unwanted") faults.push(read);
    }
    return { messages, faults };
  }

  /** What may be messages; `undefined` for each that is not even JSON. */
  #items(text: string): unknown[] {
    if (this.#isText) return [{ type: "chat", content: text }];
    const whole = parsed(text);
    if (whole !== undefined) return this.#within(whole);
    return text.split("\n")
      .filter((line) => line.trim() !== "")
      .flatMap((line) => this.#within(parsed(line)));
  }

  #within(value: unknown): unknown[] {
    const found = this.#messages === undefined
      ? value
      : this.#messages.read(value);
    return Array.isArray(found) ? found : [found];
  }

  #message(item: unknown): SourceMessage | FeedFault | "unwanted" {
    if (this.#mapping === undefined || this.#isText) return readMessage(item);
    const mapped = this.#mapping.map(item);
    return typeof mapped === "string" ? mapped : readMessage(mapped);
  }
}

/** `undefined`, which no JSON is, for what is none. */
function parsed(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}
