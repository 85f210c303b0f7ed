/**
 * A message of a live room in words.
 *
 * @module
 */
/// <reference lib="dom" />

import { fill } from "./fill.ts";
import type { LiveItem } from "./live_facts.ts";
import { countOf } from "./live_gather.ts";
import { words } from "./words.ts";

/** How a message is shown: somebody's words, or a line about what happened. */
export interface LiveLine {
  readonly kind: "said" | "gift" | "note";
  /** Who says it; empty where nobody does. */
  readonly author: string;
  readonly text: string;
  /** Whether somebody wrote it who watches here. */
  readonly isHere?: boolean;
}

/** Its line; `undefined` is one that only changes figures. */
export function liveLine(item: LiveItem): LiveLine | undefined {
  const { data, conflated } = item;
  const name = textOf(data["user_name"]);
  switch (data["type"]) {
    case "chat":
    case "emoji_chat":
      return {
        kind: "said",
        author: name,
        text: textOf(data["content"]),
        isHere: data["viewer"] === true,
      };
    case "gift":
      return { kind: "gift", author: "", text: giftText(data, name) };
    case "like":
      return note(
        countOf(item) > 1
          ? fill(words.liveLikeMany, { count: countOf(item) })
          : fill(words.liveLike, { name }),
      );
    case "member":
      return note(
        conflated === undefined
          ? fill(words.liveMember, { name })
          : fill(words.liveMemberMany, { count: conflated }),
      );
    case "follow":
      return note(fill(words.liveFollow, { name }));
    case "fansclub":
    case "room_message":
      return note(textOf(data["content"]));
    case "control":
      return data["status"] === "ended" ? note(words.liveOver) : undefined;
    default:
      return undefined;
  }
}

function note(text: string): LiveLine | undefined {
  return text === "" ? undefined : { kind: "note", author: "", text };
}

function giftText(data: LiveItem["data"], name: string): string {
  const gift = textOf(data["gift_name"]);
  const count = typeof data["gift_count"] === "number" ? data["gift_count"] : 1;
  return fill(words.liveGift, { name, gift, count });
}

/** What comes from outside need not be what it should. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
