/**
 * A room in the browser: what its socket says goes to the part that shows it,
 * and what the user does goes the other way.
 *
 * @module
 */
// deno-lint-ignore-file camelcase
/// <reference lib="dom" />

import { get, goToLogin, post, roomPath } from "./api.ts";
import { CatchUp } from "./catch_up.ts";
import { Composer } from "./composer.ts";
import { button, byId, showText } from "./elements.ts";
import { fill } from "./fill.ts";
import {
  act,
  type ChatFrames,
  type Frame,
  type FrameActions,
} from "./frames.ts";
import {
  FINAL_CODE_MIN,
  Line,
  type LineEnd,
  type LineState,
  socketAddress,
} from "./line.ts";
import { Members } from "./members.ts";
import { MessageBook, type MessageItem } from "./message_book.ts";
import { historyText, MessageList } from "./message_list.ts";
import { Mailing } from "./mailing.ts";
import { listen } from "./push_line.ts";
import { ReadMarks } from "./read_marks.ts";
import { refusalText } from "./refusal.ts";
import { errorKind, errorPath } from "./room_error.ts";
import { serverNow } from "./server_time.ts";
import { OthersTyping, OwnTyping } from "./typing.ts";
import { Uploads } from "./upload.ts";
import { words } from "./words.ts";

/** The room and its reader, as the server wrote them into the page. */
export interface ChatRoomPageOptions {
  readonly roomId: string;
  readonly userId: string;
  readonly nickname: string;
  /** What the room is called; may be empty. */
  readonly name: string;
  readonly isWaiting: boolean;
  readonly charsMax: number;
}

/** Everything on the page. */
export class ChatRoomPage {
  readonly #options: ChatRoomPageOptions;
  readonly #line: Line;
  readonly #catchUp: CatchUp;
  readonly #list: MessageList;
  readonly #book: MessageBook;
  readonly #mailing: Mailing;
  readonly #members: Members;
  readonly #ownTyping: OwnTyping;
  readonly #othersTyping: OthersTyping;
  readonly #marks: ReadMarks;
  readonly #composer: Composer;
  readonly #announcer = byId("announcer", HTMLElement);
  readonly #title = document.title;
  #unseen = 0;
  /** Up to here the messages of a resumed connection were missed. */
  #missedTo = 0;
  #missed = { key: "", place: 0, count: 0 };
  #isWaiting: boolean;

  constructor(options: ChatRoomPageOptions) {
    const { roomId, userId, nickname, charsMax } = options;
    this.#options = options;
    this.#isWaiting = options.isWaiting;
    const say = (frame: Frame) => this.#line.say(frame);
    this.#catchUp = new CatchUp(say);
    this.#line = new Line({
      address: () =>
        socketAddress(
          `/ws/chat/${encodeURIComponent(roomId)}/${this.#catchUp.query()}`,
        ),
      onFrame: (frame) => this.#onFrame(frame),
      onState: (state, end) => this.#onState(state, end),
      mayRetry: () => this.#isStillMine(),
    });
    this.#list = new MessageList({
      actions: {
        onDelete: (item) => void this.#delete(item),
        onSendAgain: (item) => this.#mailing.sendAgain(item),
        onDiscard: (item) => this.#mailing.discard(item),
      },
      onNearBeginning: () => this.#askOlder(),
    });
    this.#book = new MessageBook(this.#list);
    this.#mailing = new Mailing({
      book: this.#book,
      say,
      storage: sessionStorage,
      roomId,
      author: { id: userId, name: nickname },
    });
    this.#members = new Members(roomId, userId);
    this.#ownTyping = new OwnTyping(say);
    this.#othersTyping = new OthersTyping(byId("typing", HTMLElement), userId);
    this.#marks = new ReadMarks(say);
    const uploads = new Uploads(roomId);
    this.#composer = new Composer(charsMax, {
      onSend: (text) => this.#send(text),
      onTyped: () => this.#ownTyping.typed(),
      onPaused: () => this.#ownTyping.stop(),
      onFiles: (files) => files.forEach((file) => uploads.send(file)),
    });
  }

  start(): void {
    this.#line.start();
    listen({ presence_update: ({ users }) => this.#members.update(users) });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.#unseen = 0;
      document.title = this.#title;
    });
  }

  #send(text: string): boolean {
    const isTaken = this.#mailing.send(text);
    if (!isTaken) {
      byId("state", HTMLElement).textContent = words.chatTooMany;
      return false;
    }
    this.#showHistory();
    this.#list.toEnd();
    return true;
  }

  readonly #actions: FrameActions<ChatFrames> = {
    connection_established: (frame) => this.#onEstablished(frame),
    chat_message: (frame) => this.#onMessage(frame),
    message_deleted: (frame) => this.#book.markDeleted(frame.message_id),
    read_status_update: (frame) => this.#book.markRead(frame.message_ids),
    ack: (frame) => this.#mailing.onAck(frame.client_msg_id, frame.seq),
    gap: (frame) => this.#catchUp.onGap(frame),
    history: (frame) => this.#onHistory(frame),
    user_joined: ({ user_profile }) => this.#onJoined(user_profile),
    user_left: ({ username }) => this.#onLeft(username),
    user_typing: (frame) => this.#othersTyping.on(frame),
    room_opened: (frame) => this.#onOpened(frame),
    room_updated: (frame) => this.#onUpdated(frame),
    room_ended: () => this.#onEnded(),
    system: ({ message, seq, at }) =>
      this.#book.note({
        kind: "note",
        key: `system-${seq}`,
        place: seq,
        at,
        text: message,
      }),
    video_call_invite: ({ username, message }) =>
      this.#announce(fill(words.chatCall, { name: username, text: message })),
    error: (frame) => this.#onError(frame),
  };

  #onFrame(frame: Frame): void {
    act(this.#actions, frame);
    if (typeof frame["seq"] === "number" && frame.type !== "ack") {
      this.#catchUp.onSeq(frame["seq"]);
    }
  }

  #onEstablished(frame: ChatFrames["connection_established"]): void {
    const since = this.#catchUp.lastSeq;
    const start = this.#catchUp.onEstablished(frame);
    if (start === "anew") this.#book.reset();
    if (start === "resumed") {
      this.#missedTo = frame.last_seq;
      this.#missed = { key: `offline-${since}`, place: since + 0.5, count: 0 };
      this.#noteMissed();
    }
    this.#mailing.sendAll();
    this.#marks.flushSoon();
    this.#showHistory();
    void this.#members.load().then(() => this.#showName());
  }

  #noteMissed(): void {
    const { key, place, count } = this.#missed;
    this.#book.note({
      kind: "note",
      key,
      place,
      at: serverNow(),
      text: count === 0
        ? words.chatYouWereOffline
        : fill(words.chatMissed, { count }),
    });
  }

  #onMessage({ message, client_msg_id }: ChatFrames["chat_message"]): void {
    const isNew = this.#book.put(message, client_msg_id);
    if (message.is_own && client_msg_id !== undefined) {
      this.#mailing.forget(client_msg_id);
    }
    if (isNew) this.#showHistory();
    if (!isNew || message.is_own) return;
    this.#othersTyping.stop(message.sender);
    if (!message.is_read) this.#marks.add(message.id);
    if (message.id <= this.#missedTo) {
      this.#missed.count += 1;
      this.#noteMissed();
    }
    this.#list.showNew();
    const text = message.content || message.file_name;
    this.#announce(fill(words.chatSaid, { name: message.sender_name, text }));
    if (!document.hidden) return;
    this.#unseen += 1;
    document.title = `(${this.#unseen}) ${this.#title}`;
  }

  #onHistory(frame: ChatFrames["history"]): void {
    this.#catchUp.onHistory(frame);
    this.#list.keepingPlace(() => {
      for (const one of frame.messages) act(this.#pastActions, one);
    });
    this.#showHistory();
    // A page may hold nothing that is shown, or too little to scroll.
    if (this.#list.isNearBeginning) this.#askOlder();
  }

  /** What a page of history shows; what a room is like now is known. */
  readonly #pastActions: FrameActions<ChatFrames> = {
    chat_message: ({ message, client_msg_id }) => {
      this.#book.put(message, client_msg_id);
      if (message.is_own && client_msg_id !== undefined) {
        this.#mailing.forget(client_msg_id);
      } else if (!message.is_own && !message.is_read) {
        this.#marks.add(message.id);
      }
    },
    system: (frame) => this.#actions.system?.(frame),
  };

  #askOlder(): void {
    this.#catchUp.askOlder();
    this.#showHistory();
  }

  #showHistory(): void {
    const { isLoading, isAtBeginning } = this.#catchUp;
    const isEmpty = this.#book.isEmpty;
    this.#list.showHistory(historyText({ isLoading, isAtBeginning, isEmpty }));
  }

  #onJoined(profile: Parameters<Members["joined"]>[0]): void {
    this.#members.joined(profile);
    this.#showName();
    if (profile.id === this.#options.userId) return;
    this.#announce(fill(words.chatJoined, { name: profile.display_name }));
  }

  #onLeft(userId: string): void {
    this.#othersTyping.stop(userId);
    const name = this.#members.left(userId);
    if (userId !== this.#options.userId) {
      this.#announce(fill(words.chatLeft, { name }));
    }
  }

  #onOpened({ participants }: ChatFrames["room_opened"]): void {
    this.#isWaiting = false;
    this.#members.add(participants);
    this.#showName();
    this.#onState("open");
    const names = participants.map((one) => one.display_name).join(", ");
    this.#announce(fill(words.chatOpened, { names }));
  }

  #onUpdated({ name, pinned }: ChatFrames["room_updated"]): void {
    if (name) byId("room-title", HTMLElement).textContent = name;
    if (pinned) {
      showText(byId("banner", HTMLElement), `${words.chatPinned}: ${pinned}`);
    }
  }

  /** A room without a name is called after those who are in it. */
  #showName(): void {
    const others = this.#members.others();
    if (this.#options.name !== "" || others.length === 0) return;
    byId("room-title", HTMLElement).textContent = others.slice(0, 3).join(", ");
  }

  #onEnded(): void {
    this.#line.shut({ code: 4505, reason: words.chatEnded });
    this.#showEnd(words.chatEnded);
  }

  #showEnd(text: string): void {
    this.#composer.disable();
    const banner = byId("banner", HTMLElement);
    showText(banner, `${text} `);
    const link = document.createElement("a");
    link.href = "/tools/heart_link/";
    link.textContent = words.chatRematch;
    banner.append(link);
  }

  #onError({ code, client_msg_id, ...more }: ChatFrames["error"]): void {
    const message = refusalText(code, more.message);
    if (client_msg_id !== undefined) {
      return this.#mailing.onRefused(client_msg_id, message);
    }
    this.#catchUp.onRefused();
    this.#announce(message);
  }

  #onState(state: LineState, end?: LineEnd): void {
    byId("state-dot", HTMLElement).dataset["state"] = state;
    const element = byId("state", HTMLElement);
    element.textContent = this.#stateText(state, end);
    if (state === "waiting") {
      this.#mailing.onOffline();
      element.append(
        " ",
        button(words.chatRetryNow, () => this.#line.retryNow(), {
          class: "small",
        }),
      );
    }
    const isRefused = state === "shut" && end !== undefined &&
      end.code >= FINAL_CODE_MIN;
    if (isRefused && end.reason !== words.chatEnded) {
      this.#showEnd(fill(words.chatShut, { reason: end.reason }));
    }
  }

  #stateText(state: LineState, end?: LineEnd): string {
    switch (state) {
      case "connecting":
        return words.chatConnecting;
      case "open":
        return this.#isWaiting ? words.chatWaiting : words.chatOnline;
      case "waiting":
        return words.chatOffline;
      case "shut":
        return end?.reason || words.chatEnded;
    }
  }

  /**
   * A browser does not say why a socket was refused; the API does. Answers
   * whether it is worth another try.
   */
  async #isStillMine(): Promise<boolean> {
    const { roomId } = this.#options;
    const { status } = await get(roomPath(roomId, "participants/"));
    if (status === 401) {
      goToLogin();
      return false;
    }
    const kind = errorKind(status);
    if (kind === undefined) return true;
    location.replace(errorPath(kind, roomId));
    return false;
  }

  async #delete(item: MessageItem): Promise<void> {
    const path = roomPath(
      this.#options.roomId,
      `delete-message/${item.place}/`,
    );
    const { isOk, reason } = await post(path);
    if (isOk) this.#book.markDeleted(item.place);
    else this.#announce(fill(words.chatDeleteFailed, { reason }));
  }

  /** Says it to who hears the page rather than sees it. */
  #announce(text: string): void {
    this.#announcer.textContent = text;
  }
}
