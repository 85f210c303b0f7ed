import assert from "node:assert/strict";
import type { Knock } from "../../src/edge/gate.ts";
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
  readonly knocks: Knock[];
}

/** A port with an endpoint that answers who knocked. */
function newListener(
  options: Partial<ListenerOptions> = {},
): TestListener {
  const log = new RecordingLog();
  const knocks: Knock[] = [];
  const listener = listen({
    host: "127.0.0.1",
    port: 0,
    trustProxy: false,
    http: ({ url }) => new Response(`http ${new URL(url).pathname}`),
    log,
    sockets: [{
      path: "/ws/rooms/",
      endpoint: {
        answer: (knock) => {
          knocks.push(knock);
          return Promise.resolve(new Response(`room ${knock.roomId}`));
        },
      },
    }],
    ...options,
  });
  return {
    listener,
    url: `http://${listener.address}`,
    log,
    knocks,
    [Symbol.asyncDispose]: () => listener.stop(),
  };
}

async function textOf(url: string, headers = {}): Promise<string> {
  return await (await fetch(url, { headers })).text();
}

Deno.test("listen() sends WebSocket paths to the edge and all else to the HTTP app", async () => {
  await using port = newListener();
  const cases = [
    ["/", "http /"],
    ["/ws/rooms", "http /ws/rooms"],
    ["/ws/other/r1", "http /ws/other/r1"],
    ["/management/rooms", "http /management/rooms"],
    ["/ws/rooms/r1", "room r1"],
    ["/ws/rooms/r1?user_id=x", "room r1"],
  ] as const;
  for (const [path, wanted] of cases) {
    assert.equal(await textOf(`${port.url}${path}`), wanted);
  }
});

Deno.test("listen() takes the address of the connection, whatever a header says", async () => {
  await using port = newListener();
  await textOf(`${port.url}/ws/rooms/r`, { "x-forwarded-for": "10.0.0.9" });
  assert.equal(port.knocks[0]?.ip, "127.0.0.1");
});

Deno.test("listen() takes the last address that a trusted proxy names", async () => {
  await using port = newListener({ trustProxy: true });
  const headers = [
    { "x-forwarded-for": "10.0.0.9" },
    { "x-forwarded-for": "10.9.9.9, 10.0.0.8 " },
    { "x-forwarded-for": "" },
    {},
  ];
  for (const one of headers) await textOf(`${port.url}/ws/rooms/r`, one);
  assert.deepEqual(port.knocks.map(({ ip }) => ip), [
    "10.0.0.9",
    "10.0.0.8",
    "127.0.0.1",
    "127.0.0.1",
  ]);
});

Deno.test("listen() answers a bug of ours with 500, and logs it", async () => {
  const failure = new Error("secret path /var/lib");
  await using port = newListener({ http: () => Promise.reject(failure) });
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
  assert.equal(await textOf(port.url), "http /");
});

Deno.test("Listener.stop closes the port and waits for the last request", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const asked = Promise.withResolvers<void>();
  await using port = newListener({
    http: () => {
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
