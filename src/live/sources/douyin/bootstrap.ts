/**
 * What has to be asked before a live room can be listened to: a visitor's
 * cookie, the number of the broadcast, and whether there is one.
 *
 * The platform's own page also computes `a_bogus` and `__ac_signature`. These
 * are not computed here: where the platform insists on them, the state of a
 * room is unknown.
 *
 * @module
 */

import type { Clock } from "../../../base/clock.ts";
import type { Ids } from "../../../base/ids.ts";
import type { RoomStatus, SourceEnd } from "../../source.ts";
import {
  type Answer,
  type Ask,
  boundedFetch,
  isAnswer,
} from "../bounded_fetch.ts";
import { CookieJar } from "./cookie_jar.ts";
import { newMsToken, newPlatformId } from "./random_text.ts";
import { readRoomState } from "./room_state.ts";
import { AID, browserParameters, queryOf } from "./web_client.ts";

/** What connecting takes from it. */
export interface Visit {
  /** The number of the broadcast; empty when nothing told it. */
  readonly roomId: string;
  /** The visitor's cookie; `undefined` when none was given. */
  readonly ttwid: string | undefined;
  readonly userUniqueId: string;
}

/** A visit, and what the room's state was. */
export interface Look {
  readonly visit: Visit;
  readonly status: RoomStatus;
}

export interface LookOptions {
  /** The cookie of an earlier visit, so that none has to be asked for. */
  readonly ttwid?: string | undefined;
  readonly signal: AbortSignal;
}

export interface BootstrapOptions {
  /** Without a slash at its end. */
  readonly pageUrl: string;
  readonly userAgent: string;
  readonly fetch: typeof fetch;
  readonly clock: Pick<Clock, "after">;
  readonly ids: Pick<Ids, "fraction">;
}

/** How long one request may take, in ms. */
const REQUEST_MS_MAX = 10_000;
/** Most bytes of a page. */
const PAGE_BYTES_MAX = 8 * 1024 * 1024;
/** Redirects that are followed, on the same host only. */
const REDIRECTS_MAX = 3;

const REDIRECTS = [301, 302, 303, 307, 308];

/** Where the page's data has the number; its quotes are escaped. */
const ROOM_ID = /roomId\\?":\\?"(\d{1,20})\\?"/;

/**
 * Asks about a room.
 *
 * @returns why it could not be asked, where that is known; an answer that makes
 * no sense is a status.
 */
export async function look(
  liveId: string,
  options: BootstrapOptions,
  { ttwid, signal }: LookOptions,
): Promise<Look | SourceEnd> {
  const visitor = new Visitor(options, signal);
  if (ttwid === undefined) {
    const front = await visitor.get("/", "nothing");
    if (!isAnswer(front)) return front;
  } else {
    visitor.jar.set("ttwid", ttwid);
  }
  const path = `/${encodeURIComponent(liveId)}`;
  const page = await visitor.get(path, ROOM_ID);
  if (!isAnswer(page)) return page;
  const pageRoomId = ROOM_ID.exec(page.text)?.[1] ?? "";
  const query = statusQuery(liveId, pageRoomId, visitor);
  const answer = await visitor.get(
    `/webcast/room/web/enter/?${query}`,
    "all",
    path,
  );
  if (!isAnswer(answer)) return answer;
  const state = readRoomState(isGood(answer) ? answer.text : "");
  const visit = {
    roomId: pageRoomId === "" ? state.roomId ?? "" : pageRoomId,
    ttwid: visitor.jar.get("ttwid"),
    userUniqueId: newPlatformId(options.ids),
  };
  const isLost = visit.roomId === "" && state.status.kind === "live";
  const status = isLost
    ? { kind: "unknown", fault: "status_unknown" } as const
    : state.status;
  return { visit, status };
}

function isGood({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** Whether there is a look and no fault. */
export function isLook(looked: Look | SourceEnd): looked is Look {
  return "visit" in looked;
}

function statusQuery(
  liveId: string,
  roomId: string,
  { msToken, userAgent }: Visitor,
): string {
  return queryOf([
    ["aid", AID],
    ["app_name", "douyin_web"],
    ["live_id", "1"],
    ["device_platform", "web"],
    ["language", "zh-CN"],
    ["enter_from", "page_refresh"],
    ...browserParameters(userAgent),
    ["web_rid", liveId],
    ["room_id_str", roomId],
    ["is_need_double_stream", "false"],
    ["msToken", msToken],
  ]);
}

/** One who opens pages, with the cookies that they set. */
class Visitor {
  readonly jar = new CookieJar();
  readonly msToken: string;
  readonly userAgent: string;
  readonly #options: BootstrapOptions;
  readonly #signal: AbortSignal;

  constructor(options: BootstrapOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.userAgent = options.userAgent;
    this.msToken = newMsToken(options.ids);
    this.jar.set("msToken", this.msToken);
  }

  /**
   * Opens a page and those that it sends to; a page elsewhere is not opened,
   * and the answer is the redirect.
   */
  async get(
    path: string,
    read: Ask["read"],
    from = "/",
  ): Promise<Answer | SourceEnd> {
    const { pageUrl } = this.#options;
    let url = `${pageUrl}${path}`;
    for (let hops = 0;; hops++) {
      const referer = `${pageUrl}${from}`;
      const answer = await this.#ask(url, read, referer);
      if (!isAnswer(answer)) return answer;
      this.jar.take(answer.headers);
      const next = redirectOf(answer, url);
      if (next === undefined || hops === REDIRECTS_MAX) return answer;
      url = next;
    }
  }

  #ask(
    url: string,
    read: Ask["read"],
    referer: string,
  ): Promise<Answer | SourceEnd> {
    return boundedFetch({
      url,
      headers: {
        "user-agent": this.userAgent,
        "accept-language": "zh-CN,zh;q=0.9",
        "cookie": this.jar.header(),
        referer,
      },
      msMax: REQUEST_MS_MAX,
      bytesMax: PAGE_BYTES_MAX,
      read,
      signal: this.#signal,
    }, this.#options);
  }
}

/** Where an answer sends to, on the host that was asked. */
function redirectOf(answer: Answer, url: string): string | undefined {
  if (!REDIRECTS.includes(answer.status)) return undefined;
  const next = URL.parse(answer.headers.get("location") ?? "", url);
  const asked = URL.parse(url);
  const isHere = next !== null && next.host === asked?.host &&
    (next.protocol === asked.protocol || next.protocol === "https:");
  return isHere ? next.href : undefined;
}
