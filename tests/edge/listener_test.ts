import assert from "node:assert/strict";
import type { Call } from "../../src/edge/gate.ts";
import {
  listen,
  type Listener,
  type ListenerOptions,
} from "../../src/edge/listener.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { within } from "../support/within.ts";

interface TestListener extends AsyncDisposable {
  readonly listener: Listener;
  readonly url: string;
  readonly log: RecordingLog;
  readonly calls: Call[];
}

/** A port that answers which path was asked for. */
function newListener(
  options: Partial<ListenerOptions> = {},
): TestListener {
  const log = new RecordingLog();
  const calls: Call[] = [];
  const listener = listen({
    host: "127.0.0.1",
    port: 0,
    trustProxy: false,
    answer: (call) => {
      calls.push(call);
      return new Response(call.url.pathname);
    },
    log,
    ...options,
  });
  return {
    listener,
    url: `http://${listener.address}`,
    log,
    calls,
    [Symbol.asyncDispose]: () => listener.stop(),
  };
}

async function textOf(url: string, headers = {}): Promise<string> {
  return await (await fetch(url, { headers })).text();
}

Deno.test("listen() hands on every request, with its URL", async () => {
  await using port = newListener();
  assert.equal(
    await textOf(`${port.url}/ws/rooms/r1?user_id=x`),
    "/ws/rooms/r1",
  );
  assert.equal(await textOf(port.url), "/");
  assert.deepEqual(
    port.calls.map(({ request, url }) => [request.url, url.href]),
    [
      [
        `${port.url}/ws/rooms/r1?user_id=x`,
        `${port.url}/ws/rooms/r1?user_id=x`,
      ],
      [`${port.url}/`, `${port.url}/`],
    ],
  );
});

Deno.test("listen() takes the address of the connection, whatever a header says", async () => {
  await using port = newListener();
  await textOf(`${port.url}/`, { "x-forwarded-for": "10.0.0.9" });
  assert.equal(port.calls[0]?.ip, "127.0.0.1");
});

Deno.test("listen() takes the last address that a trusted proxy names", async () => {
  await using port = newListener({ trustProxy: true });
  const headers = [
    { "x-forwarded-for": "10.0.0.9" },
    { "x-forwarded-for": "10.9.9.9, 10.0.0.8 " },
    { "x-forwarded-for": "" },
    {},
  ];
  for (const one of headers) await textOf(`${port.url}/`, one);
  assert.deepEqual(port.calls.map(({ ip }) => ip), [
    "10.0.0.9",
    "10.0.0.8",
    "127.0.0.1",
    "127.0.0.1",
  ]);
});

Deno.test("listen() answers a bug of ours with 500, and logs it", async () => {
  const failure = new Error("secret path /var/lib");
  await using port = newListener({ answer: () => Promise.reject(failure) });
  const response = await fetch(port.url);
  assert.equal(response.status, 500);
  assert.deepEqual(await response.json(), {
    error: "Internal error",
    code: "internal",
  });
  assert.deepEqual(port.log.texts, ["error Failed to answer a request"]);
  assert.equal(port.log.lines[0]?.fields["error"], failure);
});

Deno.test("listen() says which port it cannot open", async () => {
  await using port = newListener();
  assert.throws(
    () => newListener({ port: port.listener.port }),
    new RegExp(
      `^Error: Cannot listen on 127\\.0\\.0\\.1:${port.listener.port}: Address`,
    ),
  );
});

Deno.test("listen() writes an IPv6 address as a URL does", async () => {
  await using port = newListener({ host: "::1" });
  assert.equal(port.listener.address, `[::1]:${port.listener.port}`);
  assert.equal(await textOf(port.url), "/");
});

Deno.test("Listener.stop closes the port and waits for the last request", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const asked = Promise.withResolvers<void>();
  await using port = newListener({
    answer: () => {
      asked.resolve();
      return promise;
    },
  });
  const answer = textOf(port.url);
  await asked.promise;
  const stopped = port.listener.stop();
  resolve(new Response("in time"));
  assert.equal(await answer, "in time");
  await within(stopped, { what: "the port to close" });
  await assert.rejects(fetch(port.url));
});
