/**
 * Where settings come from: the environment and the file `.env`.
 *
 * @module
 */

import { parseEnv } from "node:util";
import type { Env } from "./config.ts";

/** Variables, and what an operator should hear about them. */
export interface EnvSource {
  readonly env: Env;
  readonly warnings: readonly string[];
}

/**
 * Reads the environment, and `.env` in `folder`.
 *
 * The environment wins: a variable that is there, even an empty one, hides the
 * file's. A missing file is no news; one that cannot be read is.
 */
export function readEnv(folder = "."): EnvSource {
  const file = `${folder}/.env`;
  const given = Deno.env.toObject();
  const access = Deno.permissions.querySync({ name: "read", path: file });
  if (access.state !== "granted") return { env: given, warnings: [] };
  try {
    const env = { ...parseEnv(Deno.readTextFileSync(file)), ...given };
    return { env, warnings: [] };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return { env: given, warnings: [] };
    }
    const reason = error instanceof Error ? error.message : String(error);
    return { env: given, warnings: [`Cannot read .env: ${reason}`] };
  }
}
