/**
 * What came into a live room and how its link stands, in words on one line.
 *
 * What is written here comes from outside: it is made safe where it is shown.
 *
 * @module
 */

import type { LinkAnswer, LiveStatsAnswer } from "./live_answers.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Fields that every message has and that no line repeats. */
const COMMON: readonly string[] = ["type", "timestamp", "live_id"];

/** Who it is about, where it tells: name and id; otherwise nothing. */
export function liveActor({ user_name: name, user_id: id }: Fields): string {
  const names = [name, id].filter((one) =>
    typeof one === "number" || (typeof one === "string" && one !== "")
  );
  const [first, second] = names;
  if (first === undefined) return "";
  return second === undefined || second === first
    ? `${first}`
    : `${first} (${second})`;
}

/**
 * What a message says, without its type. A type that is not known here shows
 * as the JSON of its fields.
 */
export function liveWhat(data: Fields): string {
  switch (data.type) {
    case "chat":
      return data.deleted === true ? "(deleted)" : word(data.content);
    case "gift":
      return `${word(data.gift_name)} ×${word(data.gift_count)}`;
    case "like":
      return `×${word(data.count)}`;
    case "member":
      return data.count === undefined ? "came" : `×${word(data.count)} came`;
    case "follow":
      return "follows";
    case "stats":
      return `${word(data.current_viewers)} viewers, ` +
        `${word(data.total_viewers)} in all`;
    case "fansclub":
      return word(data.content);
    case "control":
      return word(data.status);
    case "system":
      return word(data.message);
    case "custom_event":
      return `${word(data.event_type)} ${JSON.stringify(data.payload)}`;
    case "message_deleted":
      return `message ${word(data.target_seq)}`;
    case "room_ended":
      return word(data.reason);
    default:
      return otherText(data);
  }
}

/** What is not shown elsewhere of a message. */
function otherText(data: Fields): string {
  const rest = Object.entries(data).filter(([name]) => !COMMON.includes(name));
  return rest.length === 0 ? "" : JSON.stringify(Object.fromEntries(rest));
}

/** Why a link is down, with the code that came with it; `-` where it is not. */
export function faultText({ fault, fault_code: code }: LinkAnswer): string {
  if (fault === null) return "-";
  return code === null ? fault : `${fault} (${code})`;
}

/**
 * How a link stands: its state, and what an operator should know of it.
 *
 * @param instant writes epoch ms.
 */
export function stateText(
  link: LinkAnswer,
  instant: (epochMs: number) => string,
): string {
  const { state, fault, reconnect_count: attempts, retry_at: at } = link;
  const facts: string[] = [];
  const isUp = state === "live" || state === "silent";
  if (!isUp && fault !== null) facts.push(faultText(link));
  if (attempts > 0) facts.push(`attempt ${attempts}`);
  if (at !== null) facts.push(`next try ${instant(at)}`);
  if (link.warning !== null) facts.push(link.warning);
  return facts.length === 0 ? state : `${state}: ${facts.join(", ")}`;
}

/** What a room has had so far. `watchers` are there where that is known. */
export function statsText(stats: LiveStatsAnswer, watchers?: number): string {
  const { current_viewers: viewers, total_viewers: total } = stats;
  const counts: (readonly [string, number | string | null | undefined])[] = [
    ["messages", stats.messages],
    ["chats", stats.chats],
    ["gifts", stats.gifts],
    ["likes", stats.likes],
    ["viewers", viewers],
    ["in all", total],
    ["watching", watchers],
  ];
  return counts.filter(([, count]) => count !== null && count !== undefined)
    .map(([name, count]) => `${name} ${count}`).join("  ");
}

function word(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value) ?? "-";
}
