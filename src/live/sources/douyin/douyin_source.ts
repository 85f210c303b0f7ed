/**
 * Live rooms of douyin.
 *
 * What was verified against what is in README: this speaks the frames and
 * addresses that are documented, and takes from settings what the platform
 * changes now and then.
 *
 * @module
 */

import type { Clock } from "../../../base/clock.ts";
import type { Ids } from "../../../base/ids.ts";
import type {
  LiveSource,
  RoomStatus,
  SourceConnection,
  SourceEnd,
  SourceEvents,
} from "../../source.ts";
import { dialUpstream } from "../upstream_socket.ts";
import { isLook, type Look, look, type Visit } from "./bootstrap.ts";
import { DouyinConnection, type PushPlan } from "./douyin_connection.ts";
import { GiftBook } from "./gift_message.ts";
import { pushParameters, pushUrl } from "./push_url.ts";
import { newPlatformId } from "./random_text.ts";
import { RecentMap } from "./recent_map.ts";
import { sign, toSign } from "./signature.ts";
import { Unpacker } from "./unpack.ts";
import type { Parameter } from "./web_client.ts";

export interface DouyinSourceOptions {
  /** Without a slash at its end. */
  readonly pageUrl: string;
  readonly pushUrl: string;
  readonly sdkVersion: string;
  readonly userAgent: string;
  /** `undefined`: nothing is signed. */
  readonly signerUrl: string | undefined;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly ids: Pick<Ids, "fraction">;
  /** The authority to trust, in PEM, in place of those of the system. */
  readonly ca?: string | undefined;
  readonly dial?: typeof dialUpstream;
}

/** For how long a visit is good to connect with, in ms. */
const VISIT_MS_MAX = 60_000;
/** For how long a visitor's cookie is used, in ms. */
const TTWID_MS_MAX = 3_600_000;

/** Live rooms whose visits and gifts are remembered. */
const ROOMS_MAX = 1000;

/** The platform; what it knows of gifts outlives connections. */
export class DouyinSource implements LiveSource {
  readonly name = "douyin";
  // RFC 6455 wants a pong of every server, and clients of this one have long
  // sent it their heartbeats in pings.
  readonly answersPings = true;
  readonly #options: DouyinSourceOptions;
  readonly #unpacker = new Unpacker();
  readonly #visits = new RecentMap<string, { visit: Visit; at: number }>(
    ROOMS_MAX,
  );
  readonly #gifts = new RecentMap<string, GiftBook>(ROOMS_MAX);
  #ttwid: { readonly value: string; readonly at: number } | undefined;

  constructor(options: DouyinSourceOptions) {
    this.#options = options;
  }

  async check(liveId: string, signal: AbortSignal): Promise<RoomStatus> {
    const looked = await this.#look(liveId, signal);
    signal.throwIfAborted();
    if (isLook(looked)) return looked.status;
    return { kind: "unknown", fault: looked.fault };
  }

  recall(liveId: string, texts: readonly string[]): void {
    const gifts = new GiftBook();
    gifts.recall(texts);
    this.#gifts.set(liveId, gifts);
  }

  connect(liveId: string, events: SourceEvents): SourceConnection {
    const { dial = dialUpstream, clock, ca } = this.#options;
    const connection = new DouyinConnection({
      plan: (signal) => this.#plan(liveId, signal),
      dial,
      clock,
      ca,
      gifts: this.#giftsOf(liveId),
      unpacker: this.#unpacker,
    }, {
      onOpen: () => events.onOpen(),
      onMessages: (messages, keep) => events.onMessages(messages, keep),
      onAlive: () => events.onAlive(),
      onFault: (fault) => events.onFault(fault),
      onEnd: (end) => {
        if (end.fault === "handshake_refused") this.#forget(liveId);
        events.onEnd(end);
      },
    });
    void connection.open();
    return connection;
  }

  async #plan(
    liveId: string,
    signal: AbortSignal,
  ): Promise<PushPlan | SourceEnd> {
    const visit = this.#freshVisit(liveId) ?? await this.#visit(liveId, signal);
    if ("fault" in visit) return visit;
    const { pushUrl: url, userAgent, sdkVersion, pageUrl } = this.#options;
    const parameters = pushParameters({
      visit,
      sdkVersion,
      userAgent,
      cursorId: newPlatformId(this.#options.ids),
      now: this.#options.clock.now(),
    });
    const signature = await this.#signatureOf(parameters, signal);
    if (typeof signature === "object") return signature;
    const { ttwid } = visit;
    return {
      url: pushUrl(url, parameters, signature),
      headers: {
        "user-agent": userAgent,
        "origin": URL.parse(pageUrl)?.origin ?? pageUrl,
        "referer": `${pageUrl}/${encodeURIComponent(liveId)}`,
        ...(ttwid === undefined ? {} : { cookie: `ttwid=${ttwid}` }),
      },
    };
  }

  #signatureOf(
    parameters: readonly Parameter[],
    signal: AbortSignal,
  ): Promise<string | SourceEnd> | undefined {
    const { signerUrl, fetch, clock } = this.#options;
    if (signerUrl === undefined) return undefined;
    return sign(toSign(parameters), { signerUrl, fetch, clock }, signal);
  }

  /** What to connect with, whatever the room's state is. */
  async #visit(
    liveId: string,
    signal: AbortSignal,
  ): Promise<Visit | SourceEnd> {
    const looked = await this.#look(liveId, signal);
    if (!isLook(looked)) return looked;
    if (looked.visit.roomId !== "") return looked.visit;
    return { fault: "status_unknown", detail: "The page has no room id" };
  }

  async #look(liveId: string, signal: AbortSignal): Promise<Look | SourceEnd> {
    const looked = await look(liveId, this.#options, {
      ttwid: this.#freshTtwid(),
      signal,
    });
    if (!isLook(looked)) return looked;
    const at = this.#options.clock.monotonic();
    const { visit, status } = looked;
    // A visitor who is told nothing may be one whom the platform turns away.
    if (status.kind === "unknown") this.#ttwid = undefined;
    else if (visit.ttwid !== undefined && visit.ttwid !== this.#ttwid?.value) {
      this.#ttwid = { value: visit.ttwid, at };
    }
    if (visit.roomId !== "") this.#visits.set(liveId, { visit, at });
    return looked;
  }

  #freshVisit(liveId: string): Visit | undefined {
    const known = this.#visits.get(liveId);
    if (known === undefined) return undefined;
    const ageMs = this.#options.clock.monotonic() - known.at;
    return ageMs <= VISIT_MS_MAX ? known.visit : undefined;
  }

  #freshTtwid(): string | undefined {
    const known = this.#ttwid;
    if (known === undefined) return undefined;
    const ageMs = this.#options.clock.monotonic() - known.at;
    return ageMs <= TTWID_MS_MAX ? known.value : undefined;
  }

  #forget(liveId: string): void {
    this.#visits.delete(liveId);
    this.#ttwid = undefined;
  }

  #giftsOf(liveId: string): GiftBook {
    const known = this.#gifts.get(liveId);
    if (known !== undefined) return known;
    const gifts = new GiftBook();
    this.#gifts.set(liveId, gifts);
    return gifts;
  }
}
