/**
 * A user who has logged in as a browser does: by the form, with a cookie.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  ChatClient,
  chatUrl,
  type EnterOptions,
  type Json,
  presenceUrl,
} from "./chat_client.ts";
import { type ApiAnswer, type ApiRequest, askApi } from "./test_app.ts";
import type { OpenOptions } from "./ws_client.ts";

/** What a user fills in. */
export interface LoginForm {
  readonly "user_id"?: string;
  readonly nickname?: string;
  readonly token?: string;
}

/** Sends the login form, and answers the cookie. */
export async function logIn(server: string, form: LoginForm): Promise<string> {
  const response = await fetch(`${server}/login`, {
    method: "POST",
    body: new URLSearchParams({ ...form }),
    redirect: "manual",
  });
  await response.body?.cancel();
  assert.equal(response.status, 303, `login answered ${response.status}`);
  const [cookie] = (response.headers.get("set-cookie") ?? "").split(";");
  assert.match(cookie ?? "", /^parlor_session=./);
  return cookie ?? "";
}

export class ChatUser {
  readonly userId: string;
  readonly cookie: string;
  readonly #server: string;

  constructor(server: string, userId: string, cookie: string) {
    this.#server = server;
    this.userId = userId;
    this.cookie = cookie;
  }

  /** Logs in by name. The nickname is the id in capitals. */
  static async logIn(server: string, userId: string): Promise<ChatUser> {
    const nickname = userId.toUpperCase();
    const cookie = await logIn(server, { "user_id": userId, nickname });
    return new ChatUser(server, userId, cookie);
  }

  /** The same browser at another server, which has the same key. */
  at(server: string): ChatUser {
    return new ChatUser(server, this.userId, this.cookie);
  }

  get headers(): { readonly Cookie: string } {
    return { Cookie: this.cookie };
  }

  /** Asks the seed's API; `line` is a method and a path under `/tools/api`. */
  api(line: string, { body, headers }: ApiRequest = {}): Promise<ApiAnswer> {
    const [method = "GET", path = ""] = line.split(" ");
    return askApi(this.#server, `${method} /tools/api/${path}`, {
      ...(body === undefined ? {} : { body }),
      headers: { ...this.headers, ...headers },
    });
  }

  /** Asks for what must succeed. */
  async ask(line: string, body?: unknown): Promise<Json> {
    const answer = await this.api(line, { body });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal(answer.body.success, true);
    return answer.body;
  }

  /** Presses heart link. */
  press(): Promise<Json> {
    return this.ask("POST heart_link/create/");
  }

  /** What became of the own request. */
  async linkStatus(): Promise<string> {
    return (await this.ask("GET heart_link/status/")).status;
  }

  /** The ids of the rooms on the user's page of active rooms. */
  async activeRooms(): Promise<string[]> {
    const { active_rooms: rooms } = await this.ask("GET chat/active_rooms/");
    return rooms.map((room: Json) => room.room_id);
  }

  /** Sends a file to a room, and answers its path on the server. */
  async upload(
    roomId: string,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<string> {
    const form = new FormData();
    form.set("file", new File([bytes], "notes.txt"));
    const response = await fetch(
      `${this.#server}/tools/api/chat/${roomId}/send-file/`,
      { method: "POST", headers: this.headers, body: form },
    );
    const body = await response.json();
    assert.equal(response.status, 200, JSON.stringify(body));
    return String(body.message.file_url);
  }

  /** Enters a room by a socket. */
  enter(roomId: string, options: EnterOptions = {}): Promise<ChatClient> {
    return ChatClient.open(
      chatUrl(this.#server, roomId, options),
      this.#opening(options),
    );
  }

  /** Opens the socket that belongs to no room. */
  attend(options: OpenOptions = {}): Promise<ChatClient> {
    return ChatClient.open(presenceUrl(this.#server), this.#opening(options));
  }

  #opening({ headers, protocols = [] }: OpenOptions): OpenOptions {
    return { headers: { ...this.headers, ...headers }, protocols };
  }
}

/** Logs users in by their names. */
export function logInAll(
  server: string,
  ...names: string[]
): Promise<ChatUser[]> {
  return Promise.all(names.map((name) => ChatUser.logIn(server, name)));
}

/** The ids of the rooms that have not ended, as the operator sees them. */
export async function liveRooms(server: string): Promise<string[]> {
  const { body } = await askApi(server, "GET /management/rooms");
  return body.map((room: Json) => room.room_id);
}

/** Status and text of an answer that refuses. */
export function refusalOf({ status, body }: ApiAnswer): [number, string] {
  assert.equal(body.success, false);
  return [status, body.error];
}

/** Matches two users by heart link, and answers the room. */
export async function matchUp(
  elder: ChatUser,
  junior: ChatUser,
): Promise<string> {
  const first = await elder.press();
  assert.equal(first.matched, false);
  const second = await junior.press();
  assert.equal(second.matched, true, JSON.stringify(second));
  assert.equal(second.matched_user, elder.userId);
  return second.room_id;
}

/** Two users, matched with each other, and their room. */
export interface MatchedPair {
  readonly roomId: string;
  readonly people: readonly [ChatUser, ChatUser];
}

/** Logs two users in, and matches them; neither enters the room. */
export async function matchTwo(
  server: string,
  ...[elder, junior]: [string, string]
): Promise<MatchedPair> {
  const first = await ChatUser.logIn(server, elder);
  const second = await ChatUser.logIn(server, junior);
  return { roomId: await matchUp(first, second), people: [first, second] };
}

/** Logs Ann and Bob in, and matches them. */
export async function newPair(
  server: string,
): Promise<{ ann: ChatUser; bob: ChatUser; roomId: string }> {
  const { people: [ann, bob], roomId } = await matchTwo(server, "ann", "bob");
  return { ann, bob, roomId };
}

/** Both enter their room and leave it again. */
export async function visit({ people, roomId }: MatchedPair): Promise<void> {
  for (const user of people) {
    await using _client = await user.enter(roomId);
  }
}
