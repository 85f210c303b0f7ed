/**
 * What browsers are sent, as text inside the program: a bundled or compiled
 * Parlor needs no file of its own.
 *
 * A new module of `src/web/` needs a row here.
 *
 * @module
 */

import activeRooms from "../../web/active_rooms.ts" with { type: "text" };
import activeRoomsPage from "../../web/active_rooms_page.ts" with {
  type: "text",
};
import api from "../../web/api.ts" with { type: "text" };
import backoff from "../../web/backoff.ts" with { type: "text" };
import catchUp from "../../web/catch_up.ts" with { type: "text" };
import chatPage from "../../web/chat_page.ts" with { type: "text" };
import chatRoomPage from "../../web/chat_room_page.ts" with { type: "text" };
import composer from "../../web/composer.ts" with { type: "text" };
import countdown from "../../web/countdown.ts" with { type: "text" };
import elements from "../../web/elements.ts" with { type: "text" };
import fill from "../../web/fill.ts" with { type: "text" };
import frames from "../../web/frames.ts" with { type: "text" };
import heartLinkPage from "../../web/heart_link_page.ts" with { type: "text" };
import icon from "../../web/icon.svg" with { type: "text" };
import line from "../../web/line.ts" with { type: "text" };
import linkPanel from "../../web/link_panel.ts" with { type: "text" };
import links from "../../web/links.ts" with { type: "text" };
import liveCard from "../../web/live_card.ts" with { type: "text" };
import liveComposer from "../../web/live_composer.ts" with { type: "text" };
import liveFacts from "../../web/live_facts.ts" with { type: "text" };
import liveFeed from "../../web/live_feed.ts" with { type: "text" };
import liveGather from "../../web/live_gather.ts" with { type: "text" };
import liveKey from "../../web/live_key.ts" with { type: "text" };
import liveLine from "../../web/live_line.ts" with { type: "text" };
import liveListPage from "../../web/live_list_page.ts" with { type: "text" };
import livePlace from "../../web/live_place.ts" with { type: "text" };
import liveQuality from "../../web/live_quality.ts" with { type: "text" };
import liveRoomPage from "../../web/live_room_page.ts" with { type: "text" };
import liveTail from "../../web/live_tail.ts" with { type: "text" };
import liveWords from "../../web/live_words.ts" with { type: "text" };
import liveSheet from "../../web/live.css" with { type: "text" };
import mailing from "../../web/mailing.ts" with { type: "text" };
import members from "../../web/members.ts" with { type: "text" };
import messageBook from "../../web/message_book.ts" with { type: "text" };
import messageId from "../../web/message_id.ts" with { type: "text" };
import messageList from "../../web/message_list.ts" with { type: "text" };
import messageView from "../../web/message_view.ts" with { type: "text" };
import outbox from "../../web/outbox.ts" with { type: "text" };
import pushLine from "../../web/push_line.ts" with { type: "text" };
import readMarks from "../../web/read_marks.ts" with { type: "text" };
import refusal from "../../web/refusal.ts" with { type: "text" };
import roomCard from "../../web/room_card.ts" with { type: "text" };
import roomError from "../../web/room_error.ts" with { type: "text" };
import roomErrorPage from "../../web/room_error_page.ts" with { type: "text" };
import safeLink from "../../web/safe_link.ts" with { type: "text" };
import sameLogin from "../../web/same_login.ts" with { type: "text" };
import serverTime from "../../web/server_time.ts" with { type: "text" };
import sparkline from "../../web/sparkline.ts" with { type: "text" };
import style from "../../web/style.css" with { type: "text" };
import times from "../../web/times.ts" with { type: "text" };
import typing from "../../web/typing.ts" with { type: "text" };
import upload from "../../web/upload.ts" with { type: "text" };
import uploadKind from "../../web/upload_kind.ts" with { type: "text" };
import words from "../../web/words.ts" with { type: "text" };
import wordsEn from "../../web/words_en.ts" with { type: "text" };
import wordsZh from "../../web/words_zh.ts" with { type: "text" };

/** Sources by the name that they are served under. */
export const ASSET_TEXTS: Readonly<Record<string, string>> = {
  "active_rooms.ts": activeRooms,
  "active_rooms_page.ts": activeRoomsPage,
  "api.ts": api,
  "backoff.ts": backoff,
  "catch_up.ts": catchUp,
  "chat_page.ts": chatPage,
  "chat_room_page.ts": chatRoomPage,
  "composer.ts": composer,
  "countdown.ts": countdown,
  "elements.ts": elements,
  "fill.ts": fill,
  "frames.ts": frames,
  "heart_link_page.ts": heartLinkPage,
  "icon.svg": icon,
  "line.ts": line,
  "link_panel.ts": linkPanel,
  "links.ts": links,
  "live.css": liveSheet,
  "live_card.ts": liveCard,
  "live_composer.ts": liveComposer,
  "live_facts.ts": liveFacts,
  "live_feed.ts": liveFeed,
  "live_gather.ts": liveGather,
  "live_key.ts": liveKey,
  "live_line.ts": liveLine,
  "live_list_page.ts": liveListPage,
  "live_place.ts": livePlace,
  "live_quality.ts": liveQuality,
  "live_room_page.ts": liveRoomPage,
  "live_tail.ts": liveTail,
  "live_words.ts": liveWords,
  "mailing.ts": mailing,
  "members.ts": members,
  "message_book.ts": messageBook,
  "message_id.ts": messageId,
  "message_list.ts": messageList,
  "message_view.ts": messageView,
  "outbox.ts": outbox,
  "push_line.ts": pushLine,
  "read_marks.ts": readMarks,
  "refusal.ts": refusal,
  "room_card.ts": roomCard,
  "room_error.ts": roomError,
  "room_error_page.ts": roomErrorPage,
  "safe_link.ts": safeLink,
  "same_login.ts": sameLogin,
  "server_time.ts": serverTime,
  "sparkline.ts": sparkline,
  "style.css": style,
  "times.ts": times,
  "typing.ts": typing,
  "upload.ts": upload,
  "upload_kind.ts": uploadKind,
  "words.ts": words,
  "words_en.ts": wordsEn,
  "words_zh.ts": wordsZh,
};
