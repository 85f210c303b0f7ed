/**
 * A receiver of callbacks: the example of README, and what the tests send to.
 *
 * It answers as the reference receiver does (COMPAT 2.3), keeps what it gets,
 * has its effect once however often it comes, and fails in the ways that it is
 * told to. What it knows is in memory.
 *
 * ```sh
 * CALLBACK_SECRET=… deno run --allow-net --allow-env \
 *   tests/support/callback_receiver.ts --port 8080 --fail 500:3
 * ```
 *
 * @module
 */

import {
  failingAnswer,
  type FailMode,
  type Failure,
  isTakenIn,
} from "./callback_receiver_failure.ts";
import { runReceiver } from "./callback_receiver_program.ts";
import { type Body, ReceivedRooms } from "./callback_receiver_rooms.ts";
import { SignatureCheck } from "./callback_receiver_signature.ts";
import { Inbox } from "./inbox.ts";
import { within } from "./within.ts";

/** Where each kind of callback goes, by the setting that says so. */
export const CALLBACK_PATHS = {
  DATA_CALLBACK_URL: "/sync/room",
  ROOM_EVENT_CALLBACK_URL: "/api/room-events",
  CHAT_HISTORY_CALLBACK_URL: "/api/chat-history",
  SESSION_HISTORY_CALLBACK_URL: "/api/session-history",
  PERIODIC_SYNC_CALLBACK_URL: "/api/periodic-sync",
} as const;

export type CallbackPath = (typeof CALLBACK_PATHS)[keyof typeof CALLBACK_PATHS];

/** One request that came. */
export interface Delivery {
  readonly path: CallbackPath;
  /** The `webhook-id`. */
  readonly id: string;
  /** The `event_type`; the legacy payload has none and is a `RoomSync`. */
  readonly type: string;
  readonly headers: Headers;
  readonly body: Body;
  /** The body as it came. */
  readonly text: string;
  /** Whether a signature was right; `null` when there is no secret. */
  readonly isSigned: boolean | null;
  /** Whether the id came before, whatever was answered. */
  readonly isRepeat: boolean;
  /** What was answered: a status, or the way to fail. */
  readonly answer: string;
  /** Epoch ms. */
  readonly at: number;
}

/** How a receiver is started. */
export interface ReceiverOptions {
  /** @default {"127.0.0.1"} */
  readonly hostname?: string;
  /** @default {0}, which is any that is free. */
  readonly port?: number;
  /** What requests must be signed with; without one, all are believed. */
  readonly secret?: string | undefined;
  /** Whether an old signature is right too: for a server with a fake clock. */
  readonly anyTime?: boolean;
  /** Is told of each request when its answer is decided. */
  readonly onDelivery?: (delivery: Delivery) => void;
}

interface FailRule {
  readonly mode: FailMode;
  readonly path: CallbackPath | undefined;
  timesLeft: number;
}

/** A receiver that listens. */
export class CallbackReceiver implements AsyncDisposable {
  readonly #options: ReceiverOptions;
  readonly #check: SignatureCheck | undefined;
  readonly #deliveries = new Inbox<Delivery>();
  readonly #effects = new Inbox<Delivery>();
  readonly #seen = new Set<string>();
  readonly #done = new Set<string>();
  readonly #watchers = new Set<() => void>();
  #rules: FailRule[] = [];
  #life = new AbortController();
  #server: Deno.HttpServer<Deno.NetAddr>;
  #inFlight = 0;

  /** What it knows of rooms. */
  readonly rooms = new ReceivedRooms();
  /** Most requests that were being answered at once. */
  inFlightMax = 0;
  /** Bytes of large bodies that connections asked for. */
  hugeBytes = 0;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#check = options.secret === undefined
      ? undefined
      : new SignatureCheck(options.secret, options);
    this.#server = this.#listen(options.port ?? 0);
  }

  /** Starts to listen. */
  static start(options: ReceiverOptions = {}): CallbackReceiver {
    return new CallbackReceiver(options);
  }

  get port(): number {
    return this.#server.addr.port;
  }

  /** Where a kind of callback goes. */
  url(path: CallbackPath = "/api/room-events"): string {
    const { hostname = "127.0.0.1" } = this.#options;
    return `http://${hostname}:${this.port}${path}`;
  }

  /** The settings of a server that sends everything here. */
  settings(): Record<keyof typeof CALLBACK_PATHS, string> {
    const rows = Object.entries(CALLBACK_PATHS)
      .map(([name, path]) => [name, this.url(path)]);
    return Object.fromEntries(rows);
  }

  /** Every request that came, in order. */
  get deliveries(): readonly Delivery[] {
    return this.#deliveries.all;
  }

  /** The first of each id that was taken in, in order. */
  get effects(): readonly Delivery[] {
    return this.#effects.all;
  }

  /** The first request that fits and was not asked for before. */
  async take(
    fits: (delivery: Delivery) => boolean = () => true,
    what = "a callback",
  ): Promise<Delivery> {
    return await this.#deliveries.take(fits, what);
  }

  /** The first effect of a type, and of a room, not asked for before. */
  async expectEvent(type: string, roomId?: string): Promise<Delivery> {
    return await this.#effects.take(
      (one) =>
        one.type === type &&
        (roomId === undefined || one.body.room_id === roomId),
      `${type} of ${roomId ?? "any room"}`,
    );
  }

  /** Waits until something holds; it is looked at when a request comes. */
  async until(
    holds: () => boolean,
    { what, msMax }: { what: string; msMax?: number },
  ): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    function look(): void {
      if (holds()) resolve();
    }
    this.#watchers.add(look);
    look();
    try {
      await within(promise, {
        what: () => `${what}; ${this.#effects.all.length} effects`,
        ...(msMax === undefined ? {} : { msMax }),
      });
    } finally {
      this.#watchers.delete(look);
    }
  }

  /** Fails from now on, after what it was told before, or for some requests. */
  failWith(
    mode: FailMode,
    { times = Infinity, path }: { times?: number; path?: CallbackPath } = {},
  ): void {
    this.#rules.push({ mode, path, timesLeft: times });
  }

  /** Fails no more. */
  recover(): void {
    this.#rules = [];
  }

  /** Stops to listen and cuts every connection; the port is kept in mind. */
  async down(): Promise<void> {
    this.#life.abort();
    await this.#server.finished;
  }

  /** Listens on the same port again. */
  up(): void {
    this.#life = new AbortController();
    this.#server = this.#listen(this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#deliveries.end("the receiver was closed");
    this.#effects.end("the receiver was closed");
    await this.down();
  }

  #listen(port: number): Deno.HttpServer<Deno.NetAddr> {
    const { hostname = "127.0.0.1" } = this.#options;
    const { signal } = this.#life;
    return Deno.serve(
      { hostname, port, signal, onListen: () => {} },
      async (request) => {
        this.inFlightMax = Math.max(this.inFlightMax, ++this.#inFlight);
        try {
          return await this.#answer(request, signal);
        } finally {
          this.#inFlight--;
        }
      },
    );
  }

  async #answer(request: Request, life: AbortSignal): Promise<Response> {
    const { pathname } = new URL(request.url);
    const path = Object.values(CALLBACK_PATHS).find((one) => one === pathname);
    if (path !== undefined && request.method === "POST") {
      return await this.#receive(path, { request, life });
    }
    if (request.method === "GET") return this.rooms.show(pathname);
    return Response.json({ error: "Not found" }, { status: 404 });
  }

  async #receive(
    path: CallbackPath,
    { request, life }: { request: Request; life: AbortSignal },
  ): Promise<Response> {
    // A sender that was killed leaves half of a body.
    const text = await request.text().catch(() => "");
    const body = parseBody(text);
    if (body === undefined) {
      return Response.json({ error: "No data provided" }, { status: 400 });
    }
    const { headers } = request;
    const isSigned = this.#check?.isRight({ headers, text }) ?? null;
    const failure = isSigned === false ? BAD_SIGNATURE : this.#failureOf(path);
    const id = headers.get("webhook-id") ?? "";
    this.#keep({
      path,
      id,
      type: String(body.event_type ?? "RoomSync"),
      headers,
      body,
      text,
      isSigned,
      isRepeat: this.#seen.has(id),
      answer: answerName(failure),
      at: Date.now(),
    }, failure === undefined || isTakenIn(failure));
    if (failure === undefined) return properAnswer(body);
    return await failingAnswer(failure, {
      life,
      proper: () => properAnswer(body),
      count: (bytes) => this.hugeBytes += bytes,
    });
  }

  #keep(delivery: Delivery, isTaken: boolean): void {
    const { id, body, at } = delivery;
    this.#seen.add(id);
    if (isTaken && !this.#done.has(id)) {
      this.#done.add(id);
      this.rooms.take(body, at);
      this.#effects.put(delivery);
    }
    this.#deliveries.put(delivery);
    this.#options.onDelivery?.(delivery);
    for (const look of this.#watchers) look();
  }

  #failureOf(path: CallbackPath): Failure | undefined {
    const rule = this.#rules.find((one) =>
      one.timesLeft > 0 && (one.path === undefined || one.path === path)
    );
    if (rule === undefined) return undefined;
    rule.timesLeft--;
    return rule.mode.kind === "random" ? rule.mode.next() : rule.mode;
  }
}

const BAD_SIGNATURE: Failure = { kind: "status", status: 401 };

function answerName(failure: Failure | undefined): string {
  if (failure === undefined) return "200";
  return failure.kind === "status" ? `${failure.status}` : failure.kind;
}

function properAnswer(body: Body): Response {
  const isBatch = "is_last_batch" in body;
  return Response.json({
    status: "success",
    message: `${body.event_type ?? "Sync"} received`,
    ...(isBatch ? { is_last_batch: body.is_last_batch } : {}),
  });
}

/** An object with something in it. */
function parseBody(text: string): Body | undefined {
  try {
    const body = JSON.parse(text);
    const isObject = typeof body === "object" && body !== null;
    return isObject && Object.keys(body).length > 0 ? body : undefined;
  } catch {
    return undefined;
  }
}

if (import.meta.main) runReceiver(Deno.args, CallbackReceiver.start);
