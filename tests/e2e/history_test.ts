import assert from "node:assert/strict";
import { newTestApp } from "../support/test_app.ts";
import type { Frame, WsClient } from "../support/ws_client.ts";

/** A page as `first..last more`, or `none`. */
function pageText({ payload }: Frame): string {
  const entries = payload?.["entries"] as Frame[];
  const seqs = entries.map(({ seq }) => Number(seq));
  const first = seqs[0];
  if (first === undefined) return `none ${payload?.["has_more"]}`;
  assert.deepEqual(seqs, seqs.map((_, index) => first + index));
  return `${first}..${seqs.at(-1)} ${payload?.["has_more"]}`;
}

async function page(client: WsClient, query?: object): Promise<string> {
  client.send("History", query);
  return pageText(await client.expectFrame("History"));
}

for (
  const { where, settings } of [
    { where: "memory", settings: {} },
    { where: "the database", settings: { RESUME_MEMORY_ENTRIES: "0" } },
    { where: "both", settings: { RESUME_MEMORY_ENTRIES: "30" } },
  ]
) {
  Deno.test(`History pages back and forth through what is in ${where}`, async () => {
    await using app = await newTestApp(settings);
    const roomId = await app.createRoom();
    const ann = await app.joinRoom(roomId, "ann");
    for (let number = 1; number <= 120; number++) ann.sendChat(`${number}`);
    await ann.expectChat("120");
    const pages = [
      [undefined, "71..120 true"],
      [{ before_seq: 71, limit: 60 }, "11..70 true"],
      [{ before_seq: 11 }, "1..10 false"],
      [{ before_seq: 1 }, "none false"],
      [{ before_seq: 1000, limit: 1 }, "120..120 true"],
      [{ after_seq: 0, limit: 119 }, "1..119 true"],
      [{ after_seq: 0, limit: 120 }, "1..120 false"],
      [{ after_seq: 0, limit: 200 }, "1..120 false"],
      [{ after_seq: 119 }, "120..120 false"],
      [{ after_seq: 120 }, "none false"],
      [{ after_seq: 5000 }, "none false"],
    ] as const;
    for (const [query, wanted] of pages) {
      assert.equal(await page(ann, query), wanted, JSON.stringify(query));
    }
  });
}

Deno.test("History of an empty room is empty", async () => {
  await using app = await newTestApp();
  const ann = await app.joinRoom(await app.createRoom(), "ann");
  assert.equal(await page(ann), "none false");
});

Deno.test("History has the entries as they were said", async () => {
  await using app = await newTestApp({ RESUME_MEMORY_ENTRIES: "1" });
  const roomId = await app.createRoom();
  const admin = await app.joinAsAdmin(roomId);
  const room = `/management/rooms/${roomId}`;
  admin.sendChat("one", "m-1");
  const said = [
    await admin.expectFrame("Message"),
  ];
  const steps = [
    ["CustomEvent", { event_type: "e", payload: [1] }, "CustomEvent"],
    ["MuteUser", { user_id: "bob", duration_secs: 60 }, "UserMuted"],
    ["UnmuteUser", { user_id: "bob" }, "UserUnmuted"],
    ["BanUser", { user_id: "bob" }, "UserBanned"],
    ["UnbanUser", { user_id: "bob" }, "UserUnbanned"],
    ["KickUser", { user_id: "bob" }, "System"],
  ] as const;
  for (const [type, payload, answer] of steps) {
    admin.send(type, payload);
    said.push(await admin.expectFrame(answer));
  }
  await app.api(`PATCH ${room}`, { body: { pinned: "read this" } });
  said.push(await admin.expectFrame("RoomUpdated"));
  await app.api(`PUT ${room}/admins`, { body: { admin_user_ids: ["admin"] } });
  await app.api(`PUT ${room}/admins`, { body: { admin_user_ids: ["a", "b"] } });
  said.push(await admin.expectFrame("AdminsChanged"));
  admin.send("History", { limit: 200 });
  const { payload } = await admin.expectFrame("History");
  assert.deepEqual(payload?.["entries"], said);
});

Deno.test("History gives fewer entries than asked when they are large", async () => {
  await using app = await newTestApp();
  const ann = await app.joinRoom(await app.createRoom(), "ann");
  for (let number = 1; number <= 100; number++) ann.sendChat("安".repeat(4096));
  await ann.expectFrames("Message", 100);
  ann.send("History", { after_seq: 0, limit: 100 });
  const forth = await ann.expectFrame("History");
  const count = (forth.payload?.["entries"] as Frame[]).length;
  assert(count >= 1 && count < 100, `${count}`);
  assert.equal(pageText(forth), `1..${count} true`);
  // So much was said that the next one waits for it to be read.
  await app.clock.advance(100);
  ann.send("History", { limit: 100 });
  assert.equal(
    pageText(await ann.expectFrame("History")),
    `${101 - count}..100 true`,
  );
});
