/**
 * The page of a room: joins its parts.
 *
 * @module
 */
/// <reference lib="dom" />

import { ChatRoomPage } from "./chat_room_page.ts";
import { byId } from "./elements.ts";

const { dataset } = byId("main", HTMLElement);

new ChatRoomPage({
  roomId: dataset["roomId"] ?? "",
  userId: dataset["userId"] ?? "",
  nickname: dataset["nickname"] ?? "",
  name: dataset["name"] ?? "",
  isWaiting: dataset["waiting"] === "yes",
  charsMax: Number(dataset["charsMax"]),
}).start();
