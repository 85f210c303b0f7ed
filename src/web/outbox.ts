/**
 * Own messages that the server has not taken yet, kept over a reload of the
 * page.
 *
 * @module
 */

import type { Draft } from "./message_book.ts";

/** Most messages that wait; past it nothing more is taken. */
export const OUTBOX_MAX = 50;

/**
 * How long the server knows a resend from a second message, in ms, less a
 * minute for what is between.
 */
export const RESEND_MS_MAX = 540_000;

/** The part of `sessionStorage` that is used. */
export type TextStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** The drafts of one user in one room. */
export class Outbox {
  readonly #storage: TextStorage;
  readonly #key: string;
  #drafts: Draft[];

  constructor(storage: TextStorage, key: string) {
    this.#storage = storage;
    this.#key = key;
    this.#drafts = draftsIn(storage.getItem(key));
  }

  all(): readonly Draft[] {
    return this.#drafts;
  }

  /** Keeps a draft; `false` when there are too many. */
  add(draft: Draft): boolean {
    if (this.#drafts.length >= OUTBOX_MAX) return false;
    this.#drafts.push(draft);
    this.#save();
    return true;
  }

  /** Lets go of a draft: the server has it, or the user gave it up. */
  remove(clientMsgId: string): void {
    const kept = this.#drafts.filter((one) => one.clientMsgId !== clientMsgId);
    if (kept.length === this.#drafts.length) return;
    this.#drafts = kept;
    this.#save();
  }

  #save(): void {
    if (this.#drafts.length === 0) return this.#storage.removeItem(this.#key);
    this.#storage.setItem(this.#key, JSON.stringify(this.#drafts));
  }
}

function draftsIn(text: string | null): Draft[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter(isDraft) : [];
  } catch {
    return [];
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  const { clientMsgId, text, at } = value as Partial<Draft>;
  return typeof clientMsgId === "string" && typeof text === "string" &&
    typeof at === "number";
}
