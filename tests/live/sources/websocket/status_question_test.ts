import assert from "node:assert/strict";
import { StatusQuestion } from "../../../../src/live/sources/websocket/status_question.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

const CONFIG = {
  url: "http://host.example/{live_id}",
  headers: { "X-Key": "k" },
  field: "state",
  live: [1],
  ended: [0],
};

type Answering = (url: string, init: RequestInit) => Promise<Response>;

function newQuestion(answer: Answering) {
  const clock = new FakeClock();
  const question = new StatusQuestion(CONFIG, {
    clock,
    fetch: (url, init) => answer(String(url), init ?? {}),
  });
  return { clock, question };
}

/** An answer that never comes, unless it is to stop. */
function silence(_url: string, { signal }: RequestInit): Promise<Response> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
}

const { signal } = new AbortController();

Deno.test("StatusQuestion asks with the headers of the status", async () => {
  const asked: unknown[] = [];
  const { question } = newQuestion((url, { headers, redirect }) => {
    asked.push([url, new Headers(headers).get("x-key"), redirect]);
    return Promise.resolve(Response.json({ state: 1 }));
  });
  assert.deepEqual(await question.ask("r 1", signal), { kind: "live" });
  assert.deepEqual(asked, [["http://host.example/r%201", "k", "manual"]]);
});

Deno.test("StatusQuestion takes a redirect, a long answer and no JSON for nothing said", async () => {
  const long = JSON.stringify({ state: 1, rest: "x".repeat(300_000) });
  const answers = [
    new Response('{"state":1}', { status: 302 }),
    new Response('{"state":1}', { status: 404 }),
    new Response(long),
    new Response("live"),
    new Response("{}"),
    new Response(),
  ];
  for (const answer of answers) {
    const { question, clock } = newQuestion(() => Promise.resolve(answer));
    assert.deepEqual(await question.ask("r", signal), {
      kind: "unknown",
      fault: "status_unknown",
    });
    assert.equal(clock.armed, 0);
  }
});

Deno.test("StatusQuestion waits 10 s for an answer", async () => {
  const { question, clock } = newQuestion(silence);
  const asking = question.ask("r", signal);
  await clock.advance(9999);
  assert.equal(clock.armed, 1);
  await clock.advance(1);
  assert.deepEqual(await asking, { kind: "unknown", fault: "connect_timeout" });
});

Deno.test("StatusQuestion throws when it is to stop", async () => {
  const { question, clock } = newQuestion(silence);
  const stop = new AbortController();
  const asking = question.ask("r", stop.signal);
  stop.abort();
  await assert.rejects(asking, { name: "AbortError" });
  assert.equal(clock.armed, 0);
});
