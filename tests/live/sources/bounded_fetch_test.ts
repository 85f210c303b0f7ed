import assert from "node:assert/strict";
import {
  type Ask,
  boundedFetch,
  isAnswer,
  jsonOf,
} from "../../../src/live/sources/bounded_fetch.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";

type Served = Response | Promise<Response>;

/** Asks a server that answers in one way. */
async function ask(serve: () => Served, more: Partial<Ask> = {}) {
  const clock = new FakeClock();
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    serve,
  );
  const answer = await boundedFetch(
    askOf(`http://127.0.0.1:${server.addr.port}/`, more),
    { fetch, clock },
  );
  assert.equal(clock.armed, 0);
  return answer;
}

function askOf(url: string, more: Partial<Ask> = {}): Ask {
  return {
    url,
    headers: {},
    msMax: 1000,
    bytesMax: 100,
    read: "all",
    signal: new AbortController().signal,
    ...more,
  };
}

/** A `fetch` that waits until it is cut. */
function hangingFetch(
  _url: unknown,
  init?: { signal?: AbortSignal | null },
): Promise<Response> {
  const { promise, reject } = Promise.withResolvers<Response>();
  init?.signal?.addEventListener("abort", () => reject(new Error("cut")));
  return promise;
}

/** A `fetch` that fails in the runtime's words. */
function failingFetch(words: string): typeof fetch {
  return () => Promise.reject(new TypeError(words));
}

Deno.test("boundedFetch answers what was said", async () => {
  const answer = await ask(() => new Response("hi", { status: 404 }));
  assert(isAnswer(answer));
  assert.deepEqual([answer.status, answer.text], [404, "hi"]);
});

Deno.test("boundedFetch follows no redirect", async () => {
  const headers = { location: "http://127.0.0.1:1/" };
  const answer = await ask(() => new Response(null, { status: 302, headers }));
  assert(isAnswer(answer));
  assert.equal(answer.status, 302);
});

Deno.test("boundedFetch reads as much as its bound", async () => {
  for (const bytes of [99, 100]) {
    const answer = await ask(() => new Response("x".repeat(bytes)));
    assert(isAnswer(answer));
    assert.equal(answer.text.length, bytes);
  }
  assert.deepEqual(await ask(() => new Response("x".repeat(101))), {
    fault: "status_unknown",
    detail: "The answer is too large",
  });
});

Deno.test("boundedFetch reads until it has found what it looks for", async () => {
  const encoder = new TextEncoder();
  const endless = new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode("before <4"));
      controller.enqueue(encoder.encode("2> and"));
    },
  });
  const answer = await ask(() => new Response(endless), { read: /<\d+>/ });
  assert(isAnswer(answer));
  assert.equal(answer.text, "<42>");
});

Deno.test("boundedFetch answers nothing where that is not to be found", async () => {
  const found = await ask(() => new Response("none"), { read: /<\d+>/ });
  const skipped = await ask(() => new Response("none"), { read: "nothing" });
  assert(isAnswer(found) && isAnswer(skipped));
  assert.deepEqual([found.text, skipped.text], ["", ""]);
});

Deno.test("boundedFetch gives up when its time is over", async () => {
  const clock = new FakeClock();
  const asked = boundedFetch(askOf("http://host/"), {
    fetch: hangingFetch as typeof fetch,
    clock,
  });
  await clock.advance(999);
  assert.equal(clock.armed, 1);
  await clock.advance(1);
  assert.deepEqual(await asked, { fault: "connect_timeout" });
});

Deno.test("boundedFetch gives up when its caller does", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const ports = { fetch: hangingFetch as typeof fetch, clock };
  const url = "http://host/";
  const asked = boundedFetch(askOf(url, { signal: stop.signal }), ports);
  await settle();
  stop.abort();
  assert.deepEqual(await asked, { fault: "closed" });
  assert.deepEqual(
    await boundedFetch(askOf(url, { signal: stop.signal }), ports),
    { fault: "closed" },
  );
  assert.equal(clock.armed, 0);
});

Deno.test("boundedFetch tells TLS from other failures, without the address", async () => {
  const clock = new FakeClock();
  const words = {
    "for url (https://h/?key=1): invalid peer certificate: X": "tls_failed",
    "for url (https://h/?key=1): Connection refused": "connect_failed",
  };
  for (const [text, fault] of Object.entries(words)) {
    const ports = { fetch: failingFetch(text), clock };
    const asked = await boundedFetch(askOf("https://h/?key=1"), ports);
    assert.deepEqual(asked, { fault });
  }
});

Deno.test("jsonOf is undefined for what is no JSON", () => {
  assert.deepEqual(jsonOf('{"a":1}'), { a: 1 });
  assert.equal(jsonOf("{"), undefined);
});
