/**
 * A user as the chat dialect and its pages show them (COMPAT 0.3).
 *
 * Parlor knows a user's id and nickname and nothing more, so the fields that a
 * client of the seed reads are there and most of them are empty.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import type { Person } from "./person.ts";

/** The seed's `user_profile`. */
export interface UserProfile {
  /** The user's id; `username` is the same. */
  readonly id: string;
  readonly username: string;
  readonly first_name: "";
  readonly last_name: "";
  /** The nickname. */
  readonly display_name: string;
  readonly avatar_url: null;
  readonly bio: "";
  readonly membership_type: "";
  readonly theme_mode: "";
  readonly tags: readonly [];
  readonly is_online: boolean;
}

/** The profile of a person who has a connection open, or has none. */
export function userProfile(person: Person, isOnline: boolean): UserProfile {
  return {
    id: person.userId,
    username: person.userId,
    first_name: "",
    last_name: "",
    display_name: person.nickname,
    avatar_url: null,
    bio: "",
    membership_type: "",
    theme_mode: "",
    tags: [],
    is_online: isOnline,
  };
}
