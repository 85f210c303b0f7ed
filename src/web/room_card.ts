/**
 * One active room as a card.
 *
 * @module
 */
/// <reference lib="dom" />

import { type ActiveRoom, othersIn } from "./active_rooms.ts";
import { button, el } from "./elements.ts";
import { fill } from "./fill.ts";
import { chatPath } from "./links.ts";
import { instantText } from "./times.ts";
import { words } from "./words.ts";

/** What a card needs beside its room. */
export interface RoomCardOptions {
  /** The user who looks at it. */
  readonly userId: string;
  readonly language: string;
  readonly onLeave: (roomId: string) => void;
}

/** A new card. */
export function roomCard(
  room: ActiveRoom,
  { userId, language, onLeave }: RoomCardOptions,
): HTMLLIElement {
  const { room_id: roomId, created_at: createdAt } = room;
  const names = othersIn(room, userId).join(", ");
  const title = names === ""
    ? words.roomAlone
    : fill(words.roomWith, { names });
  const time = instantText(Date.parse(createdAt), language);
  const count = room.participant_count;
  return el(
    "li",
    { class: "card room", "data-room-id": roomId },
    el("h2", {}, title),
    el(
      "p",
      { class: "hint" },
      el("span", { class: "online" }, fill(words.peopleHere, { count })),
      ` · ${fill(words.roomCreated, { time })}`,
    ),
    el("p", { class: "hint room-id" }, fill(words.roomOf, { id: roomId })),
    el(
      "p",
      { class: "actions" },
      el(
        "a",
        { class: "button strong", href: chatPath(roomId) },
        words.enterRoom,
      ),
      button(words.leaveRoom, () => onLeave(roomId)),
    ),
  );
}
