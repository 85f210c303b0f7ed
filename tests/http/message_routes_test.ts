// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { ChatError } from "../../src/wire/errors.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newStoredRoom } from "../support/fake_history.ts";
import {
  assertBadRequest,
  assertJson,
  newTestHttp,
  notFoundBody,
} from "../support/test_http.ts";

const ROOM = "/management/rooms/r1";

function newMessage(seq: number): LogEntry<"message"> {
  return {
    roomId: "r1",
    seq,
    id: `id-${seq}`,
    at: START_AT + seq,
    kind: "message",
    actor: "u1",
    payload: { nickname: "张三", content: `第${seq}条`, isAdmin: false },
  };
}

function newHttpWithLog(length: number) {
  const http = newTestHttp();
  http.rooms.open("r1");
  http.store.stored.set("r1", newStoredRoom("r1"));
  http.store.entries = Array.from(
    { length },
    (_, index) => newMessage(index + 1),
  );
  return http;
}

/** The numbers of the entries of a page, and whether there are more. */
async function pageOf(response: Response) {
  const body = await response.json();
  const seqs = body.entries.map((entry: { seq: number }) => entry.seq);
  return { seqs, more: body.has_more };
}

for (const path of [`${ROOM}/messages`, `${ROOM}/system-message`]) {
  Deno.test(`POST ${path} says something as the system`, async () => {
    const { ask, rooms } = newTestHttp();
    const room = rooms.open("r1");
    const body = { content: "维护通知" };
    const response = await ask(path, { method: "POST", body });
    await assertJson(response, 200, { id: "entry-7", seq: 7 });
    assert.deepEqual(room.commands, [
      { type: "system", message: "维护通知" },
    ]);
  });

  Deno.test(`POST ${path} takes content up to the bound`, async () => {
    const { ask, rooms } = newTestHttp();
    rooms.open("r1");
    const say = (content: unknown) =>
      ask(path, { method: "POST", body: { content } });
    await assertJson(await say("😀".repeat(20)), 200, {
      id: "entry-7",
      seq: 7,
    });
    for (const content of ["😀".repeat(21), "", 5, null, undefined]) {
      await assertBadRequest(await say(content), /^Invalid content: /);
    }
  });

  Deno.test(`POST ${path} answers 404 for an unknown room`, async () => {
    const { ask } = newTestHttp();
    const body = { content: "x" };
    const response = await ask(path, { method: "POST", body });
    await assertJson(response, 404, notFoundBody("r1"));
  });
}

Deno.test("POST messages sends a lone surrogate as U+FFFD", async () => {
  const { ask, rooms } = newTestHttp();
  const room = rooms.open("r1");
  const text = '{"content":"a\\ud800b"}';
  const response = await ask(`${ROOM}/messages`, { method: "POST", text });
  assert.equal(response.status, 200);
  await response.text();
  assert.deepEqual(room.commands, [{ type: "system", message: "a\ufffdb" }]);
});

Deno.test("POST events passes any payload on as it is", async () => {
  const { ask, rooms } = newTestHttp();
  const room = rooms.open("r1");
  const payloads = [
    { amount: 100, desc: "新年快乐" },
    [1, null, "x"],
    "text",
    0,
    false,
    null,
  ];
  for (const payload of payloads) {
    const body = { event_type: "lucky_money", payload };
    const response = await ask(`${ROOM}/events`, { method: "POST", body });
    await assertJson(response, 200, { id: "entry-7", seq: 7 });
    assert.deepEqual(room.commands.pop(), {
      type: "custom_event",
      eventType: "lucky_money",
      payload,
    });
  }
});

Deno.test("POST events takes an absent payload for null", async () => {
  const { ask, rooms } = newTestHttp();
  const room = rooms.open("r1");
  const body = { event_type: "bell" };
  await (await ask(`${ROOM}/events`, { method: "POST", body })).text();
  assert.deepEqual(room.commands, [
    { type: "custom_event", eventType: "bell", payload: null },
  ]);
});

Deno.test("POST events takes a payload 64 deep and no deeper", async () => {
  const { ask, rooms } = newTestHttp();
  rooms.open("r1");
  const send = (depth: number) => {
    const payload = "[".repeat(depth) + "]".repeat(depth);
    const text = `{"event_type":"x","payload":${payload}}`;
    return ask(`${ROOM}/events`, { method: "POST", text });
  };
  await assertJson(await send(64), 200, { id: "entry-7", seq: 7 });
  await assertBadRequest(
    await send(65),
    "Invalid payload: nests deeper than 64",
  );
});

Deno.test("POST events survives a payload 10,000 deep", async () => {
  const http = newTestHttp({
    limits: {
      contentCharsMax: 20,
      nicknameCharsMax: 10,
      userIdCharsMax: 12,
      frameBytesMax: 100_000,
      membersMax: 500,
    },
  });
  http.rooms.open("r1");
  const payload = "[".repeat(10_000) + "]".repeat(10_000);
  const text = `{"event_type":"x","payload":${payload}}`;
  const response = await http.ask(`${ROOM}/events`, { method: "POST", text });
  await assertBadRequest(response, "Invalid payload: nests deeper than 64");
});

Deno.test("POST events refuses what would not fit a frame", async () => {
  const { ask, rooms } = newTestHttp();
  const room = rooms.open("r1");
  const send = (bytes: number) => {
    const text = '{"event_type":"x"}'.padEnd(bytes);
    return ask(`${ROOM}/events`, { method: "POST", text });
  };
  await assertJson(await send(1024), 200, { id: "entry-7", seq: 7 });
  await assertJson(await send(1025), 413, {
    error: "Request body too large",
    code: "body_too_large",
  });
  assert.equal(room.commands.length, 1);
});

Deno.test("POST events refuses a wrong event_type and an unknown room", async () => {
  const { ask, rooms } = newTestHttp();
  const send = (body: unknown) =>
    ask(`${ROOM}/events`, { method: "POST", body });
  const missing = await send({ event_type: "x" });
  await assertJson(missing, 404, notFoundBody("r1"));
  rooms.open("r1");
  for (const eventType of ["", "x".repeat(129), 5, undefined]) {
    await assertBadRequest(
      await send({ event_type: eventType }),
      /^Invalid event_type: /,
    );
  }
});

Deno.test("DELETE messages/{seq} takes a message back", async () => {
  const { ask, rooms } = newTestHttp();
  const room = rooms.open("r1");
  const response = await ask(`${ROOM}/messages/3`, { method: "DELETE" });
  await assertJson(response, 200, { seq: 7 });
  assert.deepEqual(room.commands, [{ type: "delete_message", seq: 3 }]);
});

Deno.test("DELETE messages/{seq} answers 404 where there is none", async () => {
  const { ask, rooms } = newTestHttp();
  const request = { method: "DELETE" };
  const missing = await ask(`${ROOM}/messages/3`, request);
  await assertJson(missing, 404, notFoundBody("r1"));
  rooms.open("r1").refusal = new ChatError("message_not_found");
  await assertJson(await ask(`${ROOM}/messages/3`, request), 404, {
    error: "No such message in this room",
    code: "message_not_found",
  });
});

Deno.test("DELETE messages/{seq} refuses what is no number of an entry", async () => {
  const { ask, rooms } = newTestHttp();
  rooms.open("r1");
  for (const seq of ["0", "-1", "x", "1.5", "9".repeat(20)]) {
    const response = await ask(`${ROOM}/messages/${seq}`, {
      method: "DELETE",
    });
    await assertBadRequest(response, /^Invalid seq: want an integer in 1\.\./);
  }
});

Deno.test("GET messages shows entries as the socket does", async () => {
  const { ask, recorder } = newHttpWithLog(1);
  await assertJson(await ask(`${ROOM}/messages`), 200, {
    room_id: "r1",
    entries: [{
      type: "Message",
      payload: {
        from: "u1",
        nickname: "张三",
        content: "第1条",
        is_admin: false,
      },
      id: "id-1",
      seq: 1,
      at: START_AT + 1,
    }],
    has_more: false,
  });
  assert.deepEqual(recorder.flushes, ["r1"]);
});

Deno.test("GET messages answers the newest ones in ascending order", async () => {
  const { ask } = newHttpWithLog(60);
  const { seqs, more } = await pageOf(await ask(`${ROOM}/messages`));
  assert.deepEqual([seqs.length, seqs[0], seqs.at(-1), more], [
    50,
    11,
    60,
    true,
  ]);
});

Deno.test("GET messages pages back and forth without a gap", async () => {
  const { ask } = newHttpWithLog(10);
  const page = async (query: string) =>
    await pageOf(await ask(`${ROOM}/messages?limit=4&${query}`));
  assert.deepEqual(await page("before_seq=7"), {
    seqs: [3, 4, 5, 6],
    more: true,
  });
  assert.deepEqual(await page("before_seq=3"), { seqs: [1, 2], more: false });
  assert.deepEqual(await page("before_seq=5"), {
    seqs: [1, 2, 3, 4],
    more: false,
  });
  assert.deepEqual(await page("after_seq=0"), {
    seqs: [1, 2, 3, 4],
    more: true,
  });
  assert.deepEqual(await page("after_seq=6"), {
    seqs: [7, 8, 9, 10],
    more: false,
  });
  assert.deepEqual(await page("after_seq=10"), { seqs: [], more: false });
});

Deno.test("GET messages reads the log of a room that has ended", async () => {
  const { ask, store } = newTestHttp();
  const ended = { status: "ended", endedAt: START_AT } as const;
  store.stored.set("r1", newStoredRoom("r1", ended));
  store.entries = [newMessage(1)];
  const { seqs } = await pageOf(await ask(`${ROOM}/messages`));
  assert.deepEqual(seqs, [1]);
});

Deno.test("GET messages refuses bad ranges and an unknown room", async () => {
  const { ask } = newHttpWithLog(1);
  const wrong = [
    "limit=0",
    "limit=201",
    "limit=x",
    "before_seq=0",
    "after_seq=-1",
    "before_seq=2&after_seq=1",
  ];
  for (const query of wrong) {
    await assertBadRequest(await ask(`${ROOM}/messages?${query}`), /./);
  }
  const response = await ask("/management/rooms/r2/messages");
  await assertJson(response, 404, notFoundBody("r2"));
});
