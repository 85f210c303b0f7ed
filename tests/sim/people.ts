/**
 * Who takes part in a simulation.
 *
 * @module
 */

import type { Person } from "../../src/wire/person.ts";

/** Everyone who comes more than once; the last is an admin. */
export const USERS = ["ann", "bob", "cid", "dan", "eve", "adm"];

/** Who proves to be an admin. */
export const ADMIN = "adm";

/** A user as others see them. */
export function person(userId: string): Person {
  return { userId, nickname: userId.toUpperCase() };
}
