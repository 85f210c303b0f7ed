/**
 * From the fields of a server to those of COMPAT 4.3.
 *
 * @module
 */

import type { FeedFault } from "../../source.ts";
import { FieldPath } from "./field_path.ts";
import type { MappingConfig } from "./source_config.ts";

/** Fields that are text, whatever a server makes of them. */
const TEXTS = new Set([
  "user_id",
  "user_name",
  "user_avatar",
  "content",
  "gift_name",
  "gender",
  "status",
  "total_viewers",
]);

/** Fields that are whole numbers, also where a server says them as text. */
const NUMBERS = new Set([
  "count",
  "gift_count",
  "gift_delta",
  "current_viewers",
]);

/** A number from here on is ms: as seconds it would be the year 5138. */
const MS_MIN = 100_000_000_000;

/** How an instant of ISO 8601 begins; the runtime's parser takes much more. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** The fields of a message, or why there are none. */
export type Mapped =
  | Readonly<Record<string, unknown>>
  | Extract<FeedFault, "malformed" | "unknown_type">
  /** The operator has it passed over. */
  | "unwanted";

/** Turns what a server says into the fields of a message. */
export class FieldMapping {
  readonly #type: FieldPath;
  readonly #types: ReadonlyMap<string, string | null> | undefined;
  readonly #fields: readonly (readonly [string, FieldPath])[];
  readonly #id: FieldPath | undefined;
  readonly #time: FieldPath | undefined;

  constructor({ type, types, fields, id, time }: MappingConfig) {
    this.#type = new FieldPath(type);
    this.#types = types && new Map(Object.entries(types));
    this.#fields = Object.entries(fields)
      .map(([name, text]) => [name, new FieldPath(text)] as const);
    this.#id = id === undefined ? undefined : new FieldPath(id);
    this.#time = time === undefined ? undefined : new FieldPath(time);
  }

  /** Without a word for its type among `types`, a message is unknown. */
  map(item: unknown): Mapped {
    const word = this.#type.read(item);
    if (typeof word !== "string" && typeof word !== "number") {
      return "malformed";
    }
    const type = this.#types === undefined
      ? String(word)
      : this.#types.get(String(word));
    if (type === undefined) return "unknown_type";
    if (type === null) return "unwanted";
    const data: Record<string, unknown> = { type };
    // What an operator maps to it is the end, unless it says otherwise.
    if (type === "control") data["status"] = "ended";
    this.#addFields(item, data);
    return data;
  }

  #addFields(item: unknown, data: Record<string, unknown>): void {
    for (const [name, path] of this.#fields) {
      const value = path.read(item);
      if (value === undefined || value === null) continue;
      data[name] = asField(name, value);
    }
    const id = this.#id?.read(item);
    if (id !== undefined && id !== null) data["id"] = id;
    const seconds = secondsOf(this.#time?.read(item));
    if (seconds !== undefined) data["timestamp"] = seconds;
  }
}

function asField(name: string, value: unknown): unknown {
  if (TEXTS.has(name)) {
    return typeof value === "object" ? value : String(value);
  }
  const isNumeral = NUMBERS.has(name) && typeof value === "string" &&
    /^\d{1,15}$/.test(value);
  return isNumeral ? Number(value) : value;
}

/** An instant in unix seconds, from seconds, ms or ISO 8601. */
function secondsOf(value: unknown): number | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const number = Number(value);
  if (value !== "" && Number.isFinite(number) && number >= 0) {
    return number >= MS_MIN ? number / 1000 : number;
  }
  const ms = ISO_TIME.test(`${value}`) ? Date.parse(`${value}`) : NaN;
  return ms >= 0 ? ms / 1000 : undefined;
}
