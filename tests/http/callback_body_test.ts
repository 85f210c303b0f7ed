import assert from "node:assert/strict";
import { endpointBody, letterBody } from "../../src/http/callback_body.ts";
import { newLetter, newStatus } from "../support/fake_callbacks.ts";
import { START_AT } from "../support/fake_clock.ts";

Deno.test("endpointBody says how an endpoint does in the API's words", () => {
  const status = newStatus({
    name: "chat-history",
    url: "http://backend.test/api/chat-history",
    state: "disabled",
    reason: "HTTP 410",
    changedAt: START_AT + 1,
    lastSuccessAt: START_AT + 2,
    lastErrorAt: START_AT + 3,
    lastError: "HTTP 500",
    backlog: 4,
    oldestAt: START_AT - 5_000,
    dead: 6,
    breaker: "open",
    heldUntil: START_AT + 7,
    inFlight: 8,
  });
  assert.deepEqual(endpointBody(status, START_AT), {
    endpoint: "chat-history",
    url: "http://backend.test/api/chat-history",
    state: "disabled",
    reason: "HTTP 410",
    breaker: "open",
    held_until: START_AT + 7,
    backlog: 4,
    oldest_age_seconds: 5,
    in_flight: 8,
    dead: 6,
    last_success_at: START_AT + 2,
    last_error_at: START_AT + 3,
    last_error: "HTTP 500",
    changed_at: START_AT + 1,
  });
});

Deno.test("endpointBody counts an age in whole seconds and never below 0", () => {
  const age = (oldestAt: number | null) =>
    endpointBody(newStatus({ oldestAt }), START_AT).oldest_age_seconds;
  assert.equal(age(null), null);
  assert.equal(age(START_AT - 1999), 1);
  assert.equal(age(START_AT - 2000), 2);
  assert.equal(age(START_AT), 0);
  assert.equal(age(START_AT + 5000), 0);
});

Deno.test("letterBody says what was given up, when and why", () => {
  const letter = newLetter(3, { attempts: 70, error: "timed out" });
  assert.deepEqual(letterBody(letter), {
    number: 3,
    id: "joined_s3",
    endpoint: "room-events",
    event_type: "UserJoined",
    room_id: "r1",
    at: START_AT + 3,
    died_at: START_AT + 60_003,
    attempts: 70,
    error: "timed out",
  });
});
