import assert from "node:assert/strict";
import {
  linkView,
  pendingView,
  storedView,
} from "../../src/match/link_view.ts";
import { PENDING_MS_MAX, type StoredLink } from "../../src/wire/heart_link.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newLink } from "./link_fixture.ts";
import { person } from "./link_world.ts";

const MINUTE_MS = 60_000;

Deno.test("pendingView says until when a request waits", () => {
  assert.deepEqual(pendingView(newLink("a"), 1), {
    status: "pending",
    requestId: "link-a",
    number: null,
    createdAt: START_AT,
    expiresAt: START_AT + PENDING_MS_MAX,
    leftMs: PENDING_MS_MAX - 1,
    warningMinutes: null,
  });
});

Deno.test("pendingView warns from the eighth minute on", () => {
  const minutes = [
    8 * MINUTE_MS - 1,
    8 * MINUTE_MS,
    8 * MINUTE_MS + 1,
    9 * MINUTE_MS - 1,
    9 * MINUTE_MS,
    10 * MINUTE_MS,
    11 * MINUTE_MS,
  ].map((nowMs) => pendingView(newLink("a"), nowMs).warningMinutes);
  assert.deepEqual(minutes, [null, 2, 2, 2, 1, 1, 1]);
});

Deno.test("linkView shows one that is being matched as one that waits", () => {
  const link = newLink("a", { roomId: "w" });
  link.claim();
  assert.equal(linkView(link, 0).status, "pending");
  link.meet({ roomId: "r", partner: person("b"), at: START_AT + 1 }, 0);
  const common = { requestId: "link-a", number: null };
  assert.deepEqual(linkView(link, 0), {
    ...common,
    status: "matched",
    roomId: "r",
    partner: person("b"),
    matchedAt: START_AT + 1,
  });
  link.expire();
  assert.deepEqual(linkView(link, 0), { ...common, status: "expired" });
});

Deno.test("storedView takes nothing for open that memory does not know", () => {
  assert.deepEqual(storedView(undefined), { status: "not_found" });
  const base = newLink("a").toNew("r");
  const shown = (["pending", "matched", "expired", "cancelled"] as const).map(
    (status) => {
      const stored: StoredLink = {
        ...base,
        status,
        matchedAt: null,
        partner: null,
      };
      return storedView(stored).status;
    },
  );
  assert.deepEqual(shown, ["expired", "expired", "expired", "cancelled"]);
});
