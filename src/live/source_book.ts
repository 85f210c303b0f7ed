/**
 * The sources by their names.
 *
 * @module
 */

import { ChatError } from "../wire/errors.ts";
import { missingSource } from "./missing_source.ts";
import type { LiveSource } from "./source.ts";

/** Finds sources. */
export class SourceBook {
  readonly #sources: ReadonlyMap<string, LiveSource>;

  constructor(sources: ReadonlyMap<string, LiveSource>) {
    this.#sources = sources;
  }

  /**
   * One that somebody asks for.
   *
   * @throws {ChatError} `live_source_unknown`.
   */
  require(name: string): LiveSource {
    const source = this.#sources.get(name);
    if (source === undefined) throw new ChatError("live_source_unknown");
    return source;
  }

  /** One that a stored link names; it may be configured no more. */
  stored(name: string): LiveSource {
    return this.#sources.get(name) ?? missingSource(name);
  }
}
