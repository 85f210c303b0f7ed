/**
 * What browsers are sent beside pages: modules, the style, the icon.
 *
 * Types are stripped once, when the server starts. All of it is served below
 * one name that is made of everything's content, so that a module's relative
 * imports stay in its own version and browsers may keep each for ever.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { stripTypeScriptTypes } from "node:module";

/** One file as it is sent. */
export interface Asset {
  readonly body: string;
  readonly contentType: string;
  /** As the `ETag` header has it. */
  readonly tag: string;
}

/** Hexadecimal digits of a version. */
const VERSION_CHARS = 12;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** Every asset by its name. */
export class Assets {
  readonly #assets: ReadonlyMap<string, Asset>;
  /** Names all of them as they are. */
  readonly version: string;

  /** @param texts sources by file name; `.ts` is served as `.js`. */
  constructor(texts: Readonly<Record<string, string>>) {
    this.#assets = new Map(
      Object.entries(texts).map(([name, text]) => newAsset(name, text)),
    );
    const all = Array.from(this.#assets, ([name, { tag }]) => name + tag);
    this.version = digest(all.sort().join("\n"));
  }

  get(name: string): Asset | undefined {
    return this.#assets.get(name);
  }

  /** Where a page finds one of them. */
  url(name: string): string {
    return `/assets/${this.version}/${name}`;
  }
}

function newAsset(name: string, text: string): [string, Asset] {
  const isModule = name.endsWith(".ts");
  const served = isModule ? name.replace(/\.ts$/, ".js") : name;
  const body = isModule ? browserModule(text) : text;
  const ending = served.slice(served.lastIndexOf(".") + 1);
  const contentType = CONTENT_TYPES[ending];
  if (contentType === undefined) {
    throw new Error(`Cannot serve ${name}: no content type for .${ending}`);
  }
  return [served, { body, contentType, tag: `"${digest(body)}"` }];
}

/** JavaScript whose relative imports have the names that are served. */
function browserModule(text: string): string {
  return stripTypeScriptTypes(text)
    .replace(/(\bfrom "\.\/\w+)\.ts"/g, '$1.js"');
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex")
    .slice(0, VERSION_CHARS);
}
