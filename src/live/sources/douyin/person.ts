/**
 * People, as the reference's messages show them.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import type { User } from "./proto.ts";

/** The fields of a message that say whose it is. */
export interface PersonFields {
  readonly user_id: string;
  readonly user_name: string;
}

/** Ids that the platform gives to those whom it does not name. */
const ANONYMOUS_IDS = ["0", "111111"];

/**
 * Who somebody is.
 *
 * Many share an anonymous id; there the id is made of what tells them apart.
 */
export function personFields(user: User | null): PersonFields {
  return { user_id: userIdOf(user), user_name: user?.nickName ?? "" };
}

/** The address of their picture; empty without one. */
export function avatarOf(user: User | null): string {
  return user?.avatarThumb?.url[0] ?? "";
}

/** The reference's word for their gender. */
export function genderOf(user: User | null): string {
  // Nobody's gender is unknown, though its number would be 0.
  if (user === null) return "未知";
  if (user.gender === 0) return "女";
  return user.gender === 1 ? "男" : "未知";
}

function userIdOf(user: User | null): string {
  if (user === null) return "";
  const { id, idStr, nickName, payGrade, level } = user;
  const known = id === "0" && idStr !== "" ? idStr : id;
  if (!ANONYMOUS_IDS.includes(known)) return known;
  const paid = payGrade?.level ?? "0";
  return `anon_${nickName}_${paid === "0" ? level : paid}`;
}
