import assert from "node:assert/strict";
import {
  closedRecord,
  meetingRecords,
  newMeeting,
  requestedRecord,
} from "../../src/match/link_records.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newLink } from "./link_fixture.ts";
import { person } from "./link_world.ts";

Deno.test("meetingRecords tells of the newcomer's request, and of both matches", () => {
  const elder = newLink("a", { roomId: "w" });
  const junior = newLink("b");
  const meeting = newMeeting("w", { elder, junior, now: START_AT + 1 });
  const at = START_AT + 1;
  assert.deepEqual(meetingRecords(meeting), [
    requestedRecord(junior, "w"),
    {
      type: "link_settled",
      link: {
        id: "link-a",
        status: "matched",
        at,
        roomId: "w",
        partner: person("b"),
      },
    },
    {
      type: "link_settled",
      link: {
        id: "link-b",
        status: "matched",
        at,
        roomId: "w",
        partner: person("a"),
      },
    },
  ]);
});

Deno.test("meetingRecords tells again of a request that waited elsewhere", () => {
  const elder = newLink("a", { number: "1234" });
  const junior = newLink("b", { roomId: "v" });
  const meeting = newMeeting("match-1", { elder, junior, now: START_AT });
  const [first, second] = meetingRecords(meeting);
  assert.deepEqual(first, requestedRecord(elder, "match-1"));
  assert.deepEqual(second, requestedRecord(junior, "match-1"));
});

Deno.test("newMeeting is not before the requests when the clock is set back", () => {
  const elder = newLink("a");
  const junior = newLink("b", { createdAt: START_AT + 5 });
  assert.equal(newMeeting("w", { elder, junior, now: 0 }).at, START_AT + 5);
});

Deno.test("closedRecord ends a request where it waited, or a match", () => {
  const link = newLink("a", { roomId: "w" });
  assert.deepEqual(closedRecord(link, "cancelled", START_AT + 9), {
    type: "link_settled",
    link: {
      id: "link-a",
      status: "cancelled",
      at: START_AT + 9,
      roomId: "w",
      partner: null,
    },
  });
  link.claim();
  link.meet({ roomId: "r", partner: person("b"), at: START_AT + 7 }, 0);
  assert.deepEqual(closedRecord(link, "expired", START_AT), {
    type: "link_settled",
    link: {
      id: "link-a",
      status: "expired",
      at: START_AT + 7,
      roomId: "r",
      partner: person("b"),
    },
  });
});
