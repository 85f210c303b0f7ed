import assert from "node:assert/strict";
import { SystemClock } from "../../src/base/clock.ts";
import {
  ANSWER_BYTES_MAX,
  newPost,
  type PostOptions,
  type PostResult,
} from "../../src/callback/post.ts";
import { newSigner } from "../../src/callback/signer.ts";
import { CallbackReceiver } from "../support/callback_receiver.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { within } from "../support/within.ts";

const BODY = JSON.stringify({ event_type: "Test", room_id: "r1" });
const NO_SIGNAL = new AbortController().signal;

function newWorld(changes: Partial<PostOptions> = {}) {
  const clock = new FakeClock();
  const post = newPost({
    fetch,
    clock,
    sign: newSigner([]),
    timeoutMs: 30_000,
    userAgent: "Parlor/0.1.0",
    allowedHosts: [],
    ...changes,
  });
  async function send(
    url: string,
    { signal = NO_SIGNAL, id = "event_1", body = BODY } = {},
  ): Promise<PostResult> {
    const sending = post({ url, id, body }, signal);
    return await within(sending, { what: "the end of a post" });
  }
  return { clock, send };
}

/** A `fetch` that tells when the head of an answer has come. */
function fetchWithNews(): {
  readonly fetch: typeof fetch;
  readonly headCame: Promise<void>;
} {
  const { promise, resolve } = Promise.withResolvers<void>();
  async function fetchAndTell(
    input: RequestInfo | URL,
    init?: RequestInit,
  ): Promise<Response> {
    const response = await fetch(input, init);
    resolve();
    return response;
  }
  return { fetch: fetchAndTell, headCame: promise };
}

/** Whether a promise has been settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol();
  await settle();
  return await Promise.race([promise, Promise.resolve(pending)]) !== pending;
}

/** A server that speaks TCP, one connection after the other. */
class RawServer implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #answers: readonly string[];
  readonly #serving: Promise<void>;
  #connection: Deno.Conn | undefined;
  requests = 0;

  /** @param answers To the requests of one connection; then it is closed. */
  constructor(...answers: string[]) {
    this.#answers = answers;
    this.#serving = this.#serve();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}/`;
  }

  async #serve(): Promise<void> {
    for await (const connection of this.#listener) {
      this.#connection = connection;
      await this.#answer(connection);
      this.#hangUp();
    }
  }

  async #answer(connection: Deno.Conn): Promise<void> {
    for (const answer of this.#answers) {
      const size = await connection.read(new Uint8Array(65_536))
        .catch(() => null);
      if (size === null) return;
      this.requests++;
      await connection.write(new TextEncoder().encode(answer));
    }
  }

  #hangUp(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.#hangUp();
    await this.#serving;
  }
}

Deno.test("Post delivers JSON, and says who sends it and which event it is", async () => {
  await using receiver = CallbackReceiver.start();
  const { clock, send } = newWorld();
  assert.deepEqual(await send(receiver.url()), {
    ok: true,
    status: 200,
    error: "",
    retryAfterMs: null,
    text: '{"status":"success","message":"Test received"}',
  });
  const { headers, text, id } = await receiver.take();
  assert.equal(text, BODY);
  assert.equal(id, "event_1");
  assert.equal(headers.get("content-type"), "application/json");
  assert.equal(headers.get("user-agent"), "Parlor/0.1.0");
  assert.equal(headers.get("webhook-timestamp"), `${clock.now() / 1000}`);
  assert.equal(headers.get("webhook-signature"), null);
  assert.equal(clock.armed, 0);
});

Deno.test("Post signs so that a receiver accepts, whichever secret it knows", async () => {
  const secrets = ["a secret of old", `whsec_${btoa("0123456789abcdef")}`];
  const { send } = newWorld({
    clock: new SystemClock(),
    sign: newSigner(secrets),
  });
  for (const secret of secrets) {
    await using receiver = CallbackReceiver.start({ secret });
    const { ok } = await send(receiver.url());
    assert.equal(ok, true);
    assert.equal((await receiver.take()).isSigned, true);
  }
  await using stranger = CallbackReceiver.start({
    secret: "a secret of others",
  });
  const { status, error } = await send(stranger.url());
  assert.equal(status, 401);
  assert.equal(error, "HTTP 401");
});

Deno.test("Post counts every 2xx as delivered, and nothing else", async () => {
  await using receiver = CallbackReceiver.start();
  const { send } = newWorld();
  for (const status of [200, 201, 204, 299]) {
    receiver.failWith({ kind: "status", status }, { times: 1 });
    const result = await send(receiver.url());
    assert.deepEqual([result.ok, result.status, result.error], [
      true,
      status,
      "",
    ]);
  }
  for (const status of [304, 400, 404, 410, 500, 503]) {
    receiver.failWith({ kind: "status", status }, { times: 1 });
    const result = await send(receiver.url());
    assert.deepEqual([result.ok, result.status, result.error], [
      false,
      status,
      `HTTP ${status}`,
    ]);
  }
});

Deno.test("Post reports Retry-After of a failure and of nothing else", async () => {
  await using receiver = CallbackReceiver.start();
  const { clock, send } = newWorld();
  const date = new Date(clock.now() + 5000).toUTCString();
  for (
    const [status, text, waitMs] of [
      [429, "7", 7000],
      [503, date, 5000],
      [429, "soon", null],
      [200, "7", null],
    ] as const
  ) {
    const headers = { "retry-after": text };
    receiver.failWith({ kind: "status", status, headers }, { times: 1 });
    const { retryAfterMs } = await send(receiver.url());
    assert.equal(retryAfterMs, waitMs, `${status} ${text}`);
  }
});

Deno.test("Post does not follow a redirect", async () => {
  await using other = CallbackReceiver.start();
  await using receiver = CallbackReceiver.start();
  receiver.failWith({ kind: "redirect", url: other.url() });
  const { ok, status, error } = await newWorld().send(receiver.url());
  assert.equal(ok, false);
  assert.equal(status, 302);
  assert.equal(error, "Answered with a redirect (302), which is not followed");
  assert.equal(other.deliveries.length, 0);
});

Deno.test("Post gives up on a receiver that never answers", async () => {
  await using receiver = CallbackReceiver.start();
  receiver.failWith({ kind: "hang" });
  const { clock, send } = newWorld();
  const sending = send(receiver.url());
  await receiver.take();
  await clock.advance(29_999);
  assert.equal(await isSettled(sending), false);
  await clock.advance(1);
  assert.deepEqual(await sending, {
    ok: false,
    status: null,
    error: "Timed out after 30 s",
    retryAfterMs: null,
    text: "",
  });
  assert.equal(clock.armed, 0);
});

Deno.test("Post cuts a receiver that drips, though it said 200", async () => {
  await using receiver = CallbackReceiver.start();
  receiver.failWith({ kind: "drip" });
  const { fetch, headCame } = fetchWithNews();
  const { clock, send } = newWorld({ fetch, timeoutMs: 1500 });
  const sending = send(receiver.url());
  await headCame;
  await clock.advance(1499);
  assert.equal(await isSettled(sending), false);
  await clock.advance(1);
  const { ok, status, error } = await sending;
  assert.equal(ok, false);
  assert.equal(status, 200);
  assert.equal(error, "Timed out after 1.5 s");
  assert.equal(clock.armed, 0);
});

Deno.test("Post keeps the status of a refusal whose body does not end", async () => {
  const head = "HTTP/1.1 410 Gone\r\ncontent-length: 100\r\n\r\nshort";
  await using server = new RawServer(head);
  const { ok, status, error, text } = await newWorld().send(server.url);
  assert.deepEqual([ok, status, error, text], [
    false,
    410,
    "HTTP 410",
    "short",
  ]);
});

Deno.test("Post takes an answer that breaks off for a failure", async () => {
  await using receiver = CallbackReceiver.start();
  receiver.failWith({ kind: "break" });
  const { ok, status, error, text } = await newWorld().send(receiver.url());
  assert.equal(ok, false);
  assert.equal(status, 200);
  assert.equal(error, "The answer broke off");
  assert.equal(text, '{"status":');
});

Deno.test("Post reads 64 KiB of an answer and lets 100 MB go", async () => {
  await using receiver = CallbackReceiver.start();
  receiver.failWith({ kind: "huge" }, { times: 1 });
  const { clock, send } = newWorld();
  const { ok, status, text } = await send(receiver.url());
  assert.equal(ok, true);
  assert.equal(status, 200);
  assert.equal(text.length, ANSWER_BYTES_MAX);
  assert.equal(clock.armed, 0);
  const next = await send(receiver.url());
  assert.equal(next.ok, true);
  assert(receiver.hugeBytes < 50_000_000, `${receiver.hugeBytes} were read`);
});

Deno.test("Post reads an answer whole up to the bound", async () => {
  for (const length of [0, ANSWER_BYTES_MAX - 1, ANSWER_BYTES_MAX]) {
    const body = "é".repeat(length / 2) + "x".repeat(length % 2);
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`;
    await using server = new RawServer(head + body);
    const { ok, text } = await newWorld().send(server.url);
    assert.equal(ok, true);
    assert.equal(text, body);
  }
});

Deno.test("Post fails while the receiver is down and works when it is back", async () => {
  await using receiver = CallbackReceiver.start();
  const { send } = newWorld();
  assert.equal((await send(receiver.url())).ok, true);
  await receiver.down();
  const { ok, status, error } = await send(receiver.url());
  assert.equal(ok, false);
  assert.equal(status, null);
  assert.equal(error, "Connection refused");
  receiver.up();
  assert.equal((await send(receiver.url())).ok, true);
});

Deno.test("Post gets through when the connection of the last one was closed", async () => {
  const answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
  await using server = new RawServer(answer);
  const { send } = newWorld();
  for (let index = 0; index < 50; index++) {
    assert.equal((await send(server.url)).error, "");
  }
  assert.equal(server.requests, 50);
});

Deno.test("Post sends once more when a kept connection is closed on it", async () => {
  const answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
  await using server = new RawServer(answer, "");
  const { send } = newWorld();
  assert.equal((await send(server.url)).error, "");
  assert.equal(server.requests, 1);
  assert.equal((await send(server.url)).error, "");
  assert.equal(server.requests, 3);
});

Deno.test("Post says what a server did that does not speak HTTP", async () => {
  const answers = {
    "SSH-2.0-OpenSSH_9.2\r\n\r\n": "The answer is not HTTP",
    "": "The connection was closed without an answer",
    "HTTP/1.1 200 OK\r\ncontent-le":
      "The connection was closed without an answer",
  };
  for (const [answer, said] of Object.entries(answers)) {
    await using server = new RawServer(answer);
    const { ok, status, error } = await newWorld().send(server.url);
    assert.deepEqual([ok, status, error], [false, null, said], answer);
  }
});

Deno.test("Post takes garbage behind a good head for a failure", async () => {
  const answers = [
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnot a size\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n",
    "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc",
  ];
  for (const answer of answers) {
    await using server = new RawServer(answer);
    const { ok, status, error } = await newWorld().send(server.url);
    assert.deepEqual([ok, status, error], [false, 200, "The answer broke off"]);
  }
});

Deno.test("Post takes an answer that ends with its connection for whole", async () => {
  await using server = new RawServer("HTTP/1.1 200 OK\r\n\r\nfine");
  const { ok, text } = await newWorld().send(server.url);
  assert.equal(ok, true);
  assert.equal(text, "fine");
});

Deno.test("Post asks no host that is not allowed", async () => {
  await using receiver = CallbackReceiver.start();
  const { clock, send } = newWorld({ allowedHosts: ["hooks.example.com"] });
  const { ok, status, error } = await send(receiver.url());
  assert.deepEqual([ok, status, error], [
    false,
    null,
    "This host is not allowed",
  ]);
  assert.equal(receiver.deliveries.length, 0);
  assert.equal(clock.armed, 0);
  const allowed = newWorld({ allowedHosts: [`127.0.0.1:${receiver.port}`] });
  assert.equal((await allowed.send(receiver.url())).ok, true);
});

Deno.test("Post stops when its caller does, and sends nothing afterwards", async () => {
  await using receiver = CallbackReceiver.start();
  receiver.failWith({ kind: "hang" });
  const { clock, send } = newWorld();
  const stop = new AbortController();
  const sending = send(receiver.url(), { signal: stop.signal });
  await receiver.take();
  stop.abort();
  const { ok, status, error } = await sending;
  assert.deepEqual([ok, status, error], [false, null, "Stopped"]);
  assert.equal(clock.armed, 0);
  const late = await send(receiver.url(), { signal: stop.signal });
  assert.equal(late.error, "Stopped");
  assert.equal(receiver.deliveries.length, 1);
});

Deno.test("Post stops within a body too", async () => {
  await using receiver = CallbackReceiver.start();
  receiver.failWith({ kind: "drip" });
  const { fetch, headCame } = fetchWithNews();
  const { send } = newWorld({ fetch });
  const stop = new AbortController();
  const sending = send(receiver.url(), { signal: stop.signal });
  await headCame;
  stop.abort();
  const { ok, error } = await sending;
  assert.equal(ok, false);
  assert.equal(error, "Stopped");
});

Deno.test("Post turns user and password of a URL into a header", async () => {
  await using receiver = CallbackReceiver.start();
  const { send } = newWorld();
  const url = receiver.url().replace("http://", "http://an%40n:pass@");
  assert.equal((await send(url)).ok, true);
  const { headers } = await receiver.take();
  assert.equal(headers.get("authorization"), `Basic ${btoa("an@n:pass")}`);
  await receiver.down();
  assert.equal((await send(url)).error, "Connection refused");
});

Deno.test("Post has words for a URL that cannot be asked", async () => {
  const { clock, send } = newWorld();
  const { error } = await send("http://127.0.0.1:1/");
  assert.equal(error, "HTTP may not use this port");
  assert.equal((await send("nonsense")).error, "The request could not be sent");
  assert.equal(clock.armed, 0);
});

Deno.test("Post carries many at once", async () => {
  await using receiver = CallbackReceiver.start();
  const { clock, send } = newWorld();
  const url = receiver.url();
  const results = await Promise.all(
    Array.from({ length: 100 }, (_, index) => send(url, { id: `e${index}` })),
  );
  assert(results.every(({ ok }) => ok));
  assert.equal(receiver.effects.length, 100);
  assert.equal(clock.armed, 0);
});

Deno.test("Post carries a body of some megabytes", async () => {
  await using receiver = CallbackReceiver.start();
  const body = JSON.stringify({ event_type: "Test", text: "é".repeat(2e6) });
  const { ok } = await newWorld().send(receiver.url(), { body });
  assert.equal(ok, true);
  assert.equal((await receiver.take()).text, body);
});
