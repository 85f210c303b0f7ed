/**
 * A source of the operator's own: any server that speaks JSON or text over
 * WebSockets.
 *
 * @module
 */

import type { Clock } from "../../../base/clock.ts";
import type {
  LiveSource,
  RoomStatus,
  SourceConnection,
  SourceEvents,
} from "../../source.ts";
import { dialUpstream, type UpstreamSocket } from "../upstream_socket.ts";
import { FrameReader } from "./frame_reader.ts";
import { addressOf, type SourceConfig } from "./source_config.ts";
import { StatusQuestion } from "./status_question.ts";

/** How long a connection may take to open, in ms. */
const HANDSHAKE_MS_MAX = 10_000;

/** What a source works with. */
export interface WebsocketSourceOptions {
  readonly name: string;
  /** With headers as they are to be sent. */
  readonly config: SourceConfig;
  readonly clock: Pick<Clock, "after">;
  readonly fetch: typeof fetch;
  /** The authority to trust, in PEM, in place of those of the system. */
  readonly ca?: string;
}

/** What `LIVE_SOURCES_FILE` describes in one entry. */
export class WebsocketSource implements LiveSource {
  readonly name: string;
  readonly answersPings: boolean;
  readonly #options: WebsocketSourceOptions;
  readonly #reader: FrameReader;
  readonly #question: StatusQuestion | undefined;

  constructor(options: WebsocketSourceOptions) {
    const { name, config } = options;
    this.name = name;
    this.answersPings = config.pings;
    this.#options = options;
    this.#reader = new FrameReader(config);
    this.#question = config.status &&
      new StatusQuestion(config.status, options);
  }

  /** Without a `status` to ask for, every room counts as live. */
  async check(liveId: string, signal: AbortSignal): Promise<RoomStatus> {
    if (this.#question === undefined) return { kind: "live" };
    return await this.#question.ask(liveId, signal);
  }

  connect(liveId: string, events: SourceEvents): SourceConnection {
    const { config, clock, ca } = this.#options;
    const { heartbeat, subprotocol } = config;
    let beat: Disposable | undefined;
    const socket: UpstreamSocket = dialUpstream({
      url: addressOf(config.url, liveId),
      headers: config.headers,
      protocols: subprotocol === undefined ? [] : [subprotocol],
      frameBytesMax: config.frame_bytes_max,
      handshakeMsMax: HANDSHAKE_MS_MAX,
      clock,
      ...(ca === undefined ? {} : { ca }),
    }, {
      onOpen: () => {
        if (heartbeat !== undefined) armBeat(heartbeat);
        events.onOpen();
      },
      onText: (text) => this.#take(text, events),
      onBinary: (bytes) => this.#takeBinary(bytes, events),
      onPong: () => events.onAlive(),
      onEnd: (end) => {
        beat?.[Symbol.dispose]();
        events.onEnd(end);
      },
    });
    return socket;

    function armBeat(heartbeat: NonNullable<SourceConfig["heartbeat"]>): void {
      beat = clock.after(heartbeat.every_seconds * 1000, () => {
        socket.sendText(heartbeat.text);
        armBeat(heartbeat);
      });
    }
  }

  #take(text: string, events: SourceEvents): void {
    const { messages, faults } = this.#reader.read(text);
    for (const fault of faults) events.onFault(fault);
    if (messages.length > 0) events.onMessages(messages);
    else if (faults.length === 0) events.onAlive();
  }

  #takeBinary(bytes: Uint8Array, events: SourceEvents): void {
    const text = textOf(bytes);
    if (text === undefined) events.onFault("malformed");
    else this.#take(text, events);
  }
}

/** UTF-8 in a binary frame, as some servers send their JSON. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
