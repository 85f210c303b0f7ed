// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { START_AT } from "../support/fake_clock.ts";
import {
  assertBadRequest,
  assertEmpty,
  assertJson,
  newTestHttp,
  notFoundBody,
} from "../support/test_http.ts";

const ROOM = "/management/rooms/r1";

const KINDS = [
  { word: "bans", add: "ban", lift: "unban" },
  { word: "mutes", add: "mute", lift: "unmute" },
] as const;

for (const { word, add, lift } of KINDS) {
  Deno.test(`GET ${word} lists those that stand`, async () => {
    const { ask, rooms } = newTestHttp();
    const room = rooms.open("r1");
    const list = [
      { userId: "u1", until: null, at: START_AT },
      { userId: "u2", until: START_AT + 60_000, at: START_AT + 1 },
    ];
    if (word === "bans") room.banned = list;
    else room.muted = list;
    const rows = [
      { user_id: "u1", until: null, at: START_AT },
      { user_id: "u2", until: START_AT + 60_000, at: START_AT + 1 },
    ];
    const all = { room_id: "r1", [word]: rows, total: 2 };
    await assertJson(await ask(`${ROOM}/${word}`), 200, all);
    const second = { room_id: "r1", [word]: rows.slice(1), total: 2 };
    const response = await ask(`${ROOM}/${word}?limit=1&offset=1`);
    await assertJson(response, 200, second);
  });

  Deno.test(`POST ${word} adds one for good, or for a time`, async () => {
    const { ask, rooms } = newTestHttp();
    const room = rooms.open("r1");
    for (
      const body of [{ user_id: "u1" }, { user_id: "u2", duration_secs: 60 }]
    ) {
      const response = await ask(`${ROOM}/${word}`, { method: "POST", body });
      await assertJson(response, 200, { seq: 7 });
    }
    assert.deepEqual(room.commands, [
      { type: add, userId: "u1" },
      { type: add, userId: "u2", durationSecs: 60 },
    ]);
  });

  Deno.test(`POST ${word} answers a null seq when nothing changed`, async () => {
    const { ask, rooms } = newTestHttp();
    rooms.open("r1").outcome = { seq: null, id: null };
    const body = { user_id: "u1", duration_secs: null };
    const response = await ask(`${ROOM}/${word}`, { method: "POST", body });
    await assertJson(response, 200, { seq: null });
  });

  Deno.test(`POST ${word} takes ten years and no more`, async () => {
    const { ask, rooms } = newTestHttp();
    rooms.open("r1");
    const add = async (secs: unknown) => {
      const body = { user_id: "u1", duration_secs: secs };
      return await ask(`${ROOM}/${word}`, { method: "POST", body });
    };
    await assertJson(await add(315_360_000), 200, { seq: 7 });
    for (const secs of [315_360_001, 0, -1, 1.5, "60"]) {
      await assertBadRequest(await add(secs), /^Invalid duration_secs: /);
    }
  });

  Deno.test(`POST ${word} refuses a user id that is missing or too long`, async () => {
    const { ask, rooms } = newTestHttp();
    rooms.open("r1");
    for (const body of [{}, { user_id: "" }, { user_id: "u".repeat(13) }]) {
      const response = await ask(`${ROOM}/${word}`, { method: "POST", body });
      await assertBadRequest(response, /^Invalid user_id: /);
    }
  });

  Deno.test(`DELETE ${word}/{user_id} lifts it and answers with nothing`, async () => {
    const { ask, rooms } = newTestHttp();
    const room = rooms.open("r1");
    for (const userId of ["u1", "a/b %41", "张三"]) {
      const path = `${ROOM}/${word}/${encodeURIComponent(userId)}`;
      await assertEmpty(await ask(path, { method: "DELETE" }), 200);
      assert.deepEqual(room.commands.pop(), { type: lift, userId });
    }
  });

  Deno.test(`DELETE ${word}/{user_id} is done also when there is none`, async () => {
    const { ask, rooms } = newTestHttp();
    rooms.open("r1").outcome = { seq: null, id: null };
    const path = `${ROOM}/${word}/u1`;
    await assertEmpty(await ask(path, { method: "DELETE" }), 200);
  });

  Deno.test(`DELETE ${word}/{user_id} refuses a user id that is too long`, async () => {
    const { ask, rooms } = newTestHttp();
    rooms.open("r1");
    const path = `${ROOM}/${word}/${"u".repeat(13)}`;
    await assertBadRequest(
      await ask(path, { method: "DELETE" }),
      "Invalid user_id: want at most 12 characters",
    );
  });

  Deno.test(`The routes of ${word} answer 404 for an unknown room`, async () => {
    const { ask } = newTestHttp();
    const body = { user_id: "u1" };
    const responses = [
      await ask(`${ROOM}/${word}`),
      await ask(`${ROOM}/${word}`, { method: "POST", body }),
      await ask(`${ROOM}/${word}/u1`, { method: "DELETE" }),
    ];
    for (const response of responses) {
      await assertJson(response, 404, notFoundBody("r1"));
    }
  });
}
