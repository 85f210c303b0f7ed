import assert from "node:assert/strict";
import { linkFields, statsFields } from "../../cli/live_answers.ts";
import {
  faultText,
  liveActor,
  liveWhat,
  stateText,
  statsText,
} from "../../cli/live_text.ts";
import { linkBody, statsBody, waitingBody } from "../support/live_bodies.ts";

function instant(at: number): string {
  return `<${at}>`;
}

Deno.test("liveActor names the person, with the id where it differs", () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ "user_name": "安", "user_id": "1" }, "安 (1)"],
    [{ "user_name": "安", "user_id": 1 }, "安 (1)"],
    [{ "user_name": "安", "user_id": "安" }, "安"],
    [{ "user_name": "", "user_id": "1" }, "1"],
    [{ "user_name": "安" }, "安"],
    [{ "user_name": {}, "user_id": null }, ""],
    [{}, ""],
  ];
  for (const [data, name] of cases) assert.equal(liveActor(data), name);
});

Deno.test("liveWhat says what each kind of message is about", () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ type: "chat", content: "hi" }, "hi"],
    [{ type: "chat", content: "", deleted: true }, "(deleted)"],
    [{ type: "gift", "gift_name": "火箭", "gift_count": 3 }, "火箭 ×3"],
    [{ type: "like", count: 12 }, "×12"],
    [{ type: "member", gender: "女" }, "came"],
    [{ type: "member", count: 4 }, "×4 came"],
    [{ type: "follow" }, "follows"],
    [
      { type: "stats", "current_viewers": 12, "total_viewers": "43.6万" },
      "12 viewers, 43.6万 in all",
    ],
    [{ type: "fansclub", content: "joined" }, "joined"],
    [{ type: "control", status: "ended" }, "ended"],
    [{ type: "system", message: "be kind" }, "be kind"],
    [{ type: "custom_event", "event_type": "quiz", payload: [1] }, "quiz [1]"],
    [{ type: "message_deleted", "target_seq": 3 }, "message 3"],
    [{ type: "room_ended", reason: "closed" }, "closed"],
  ];
  for (const [data, text] of cases) assert.equal(liveWhat(data), text);
});

Deno.test("liveWhat shows a type that it does not know as its fields", () => {
  const common = { type: "room_rank", timestamp: 1, "live_id": "77" };
  assert.equal(liveWhat({ ...common, ranks: [1] }), '{"ranks":[1]}');
  assert.equal(liveWhat(common), "");
  assert.equal(liveWhat({}), "");
});

Deno.test("liveWhat says that a field is missing", () => {
  assert.equal(liveWhat({ type: "gift" }), "- ×-");
  assert.equal(liveWhat({ type: "chat", content: { a: 1 } }), '{"a":1}');
});

Deno.test("faultText names the fault, with its code", () => {
  const faultOf = (link: unknown) => faultText(linkFields.parse(link));
  assert.deepEqual(
    [
      faultOf(linkBody()),
      faultOf(waitingBody()),
      faultOf(waitingBody({ "fault_code": null })),
    ],
    ["-", "closed (1006)", "closed"],
  );
});

Deno.test("stateText says what an operator should know of a link", () => {
  const textOf = (link: unknown) => stateText(linkFields.parse(link), instant);
  const { "retry_at": retryAt } = waitingBody();
  assert.deepEqual(
    [
      textOf(linkBody()),
      textOf(linkBody({ fault: "closed" })),
      textOf(linkBody({ state: "silent", warning: "60 s" })),
      textOf(waitingBody()),
      textOf(linkBody({ state: "ended", fault: null })),
    ],
    [
      "live",
      "live",
      "silent: 60 s",
      `waiting: closed (1006), attempt 3, next try <${retryAt}>`,
      "ended",
    ],
  );
});

Deno.test("statsText leaves out what nobody told", () => {
  const stats = statsFields.parse(statsBody());
  assert.equal(
    statsText(stats, 3),
    "messages 120  chats 30  gifts 4  likes 500  viewers 12  in all 43.6万  " +
      "watching 3",
  );
  const none = { "current_viewers": null, "total_viewers": null };
  assert.equal(
    statsText({ ...stats, ...none }),
    "messages 120  chats 30  gifts 4  likes 500",
  );
});
