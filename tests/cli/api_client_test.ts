// deno-lint-ignore-file camelcase -- The shapes are those of the wire.

import assert from "node:assert/strict";
import { z } from "zod";
import { ApiClient, RefusalError } from "../../cli/api_client.ts";
import { CliError } from "../../cli/cli_error.ts";
import type { Transport } from "../../cli/transport.ts";
import { FakeClock } from "../support/fake_clock.ts";

const schema = z.looseObject({ count: z.number() });

/** A client whose every request gets this answer. */
function clientOf(answer: () => Response) {
  const asked: unknown[][] = [];
  const transport: Transport = {
    request(...call) {
      asked.push(call);
      return Promise.resolve(answer());
    },
  };
  return { api: new ApiClient(transport, new FakeClock()), asked };
}

function refusal(status: number, body: unknown, headers = {}): () => Response {
  return () => Response.json(body, { status, headers });
}

async function messageFor(answer: () => Response): Promise<string> {
  const error: unknown = await clientOf(answer).api.get("/x", schema)
    .catch((thrown) => thrown);
  assert(error instanceof CliError);
  return error.message;
}

Deno.test("ApiClient answers what the schema names and what it does not", async () => {
  const { api, asked } = clientOf(() => Response.json({ count: 1, more: 2 }));
  assert.deepEqual(await api.get("/x", schema), { count: 1, more: 2 });
  assert.deepEqual(await api.post("/y", { a: 1 }, schema), {
    count: 1,
    more: 2,
  });
  assert.deepEqual(asked, [
    ["GET", "/x", undefined],
    ["POST", "/y", { a: 1 }],
  ]);
});

Deno.test("ApiClient makes a change without reading an answer", async () => {
  const { api, asked } = clientOf(() => new Response("anything"));
  await api.change("PUT", "/x", { a: 1 });
  await api.change("POST", "/y");
  assert.deepEqual(asked, [
    ["PUT", "/x", { a: 1 }],
    ["POST", "/y", undefined],
  ]);
});

Deno.test("ApiClient streams bytes, and none where there is no body", async () => {
  const { api } = clientOf(() => new Response("bytes"));
  assert.equal(await new Response(await api.stream("/x")).text(), "bytes");
  const empty = clientOf(() => new Response(null)).api;
  assert.equal(await new Response(await empty.stream("/x")).text(), "");
});

Deno.test("ApiClient says which part of an answer it does not understand", async () => {
  const message = await messageFor(() => Response.json({ count: "1" }));
  assert.equal(
    message,
    "Cannot understand the answer to GET /x (count: Invalid input: expected " +
      "number, received string): the server may be of another version, or " +
      "not Parlor",
  );
});

Deno.test("ApiClient does not understand a page of HTML", async () => {
  const message = await messageFor(() => new Response("<html>"));
  assert.match(message, /^Cannot understand the answer to GET \/x \(answer: /);
});

Deno.test("ApiClient passes on why the server refused", async () => {
  assert.equal(
    await messageFor(refusal(404, { error: "Room x not found", code: "c" })),
    "The server refused: Room x not found",
  );
});

Deno.test("ApiClient passes on a reason also where it is named message", async () => {
  const message = "启动失败: 直播间未开播或已结束";
  assert.equal(
    await messageFor(refusal(500, { success: false, message })),
    `The server refused: ${message}`,
  );
  assert.equal(
    await messageFor(refusal(500, { error: "Busy", message })),
    "The server refused: Busy",
  );
});

Deno.test("ApiClient tells a refusal by its status and its code", async () => {
  const refused = async (answer: () => Response) => {
    const error: unknown = await clientOf(answer).api.get("/x", schema)
      .catch((thrown) => thrown);
    assert(error instanceof RefusalError);
    return [error.status, error.code];
  };
  const body = { error: "Room x not found", code: "room_not_found" };
  assert.deepEqual(await refused(refusal(404, body)), [404, "room_not_found"]);
  const foreign = () => new Response("Bad Gateway", { status: 502 });
  assert.deepEqual(await refused(foreign), [502, undefined]);
});

Deno.test("ApiClient says when to try again, in whole seconds", async () => {
  const body = {
    error: "The room is busy",
    code: "busy",
    retry_after_ms: 1001,
  };
  assert.equal(
    await messageFor(refusal(503, body)),
    "The server refused: The room is busy; try again in 2 s",
  );
});

Deno.test("ApiClient says how to give the right key", async () => {
  assert.equal(
    await messageFor(refusal(401, { error: "Unauthorized: Invalid API Key" })),
    "The server refused the key: set ADMIN_API_KEY, or give --key-file, " +
      "with the key that the server has",
  );
});

Deno.test("ApiClient says where a redirect leads", async () => {
  assert.equal(
    await messageFor(refusal(301, {}, { Location: "https://a.example/" })),
    "The server redirects to https://a.example/: " +
      "give its own address with --url",
  );
});

Deno.test("ApiClient does not take another program's error for Parlor's", async () => {
  assert.equal(
    await messageFor(() => new Response("Bad Gateway", { status: 502 })),
    "The server answered HTTP 502 without a reason: " +
      "the server may be of another version, or not Parlor",
  );
});

Deno.test("ApiClient refuses for changes and streams as well", async () => {
  const { api } = clientOf(refusal(404, { error: "Gone", code: "c" }));
  await assert.rejects(api.change("DELETE", "/x"), /The server refused: Gone/);
  await assert.rejects(api.stream("/x"), /The server refused: Gone/);
});
