import assert from "node:assert/strict";
import {
  failWaiters,
  type FlushRequest,
  FlushRequests,
  releaseWaiters,
} from "../../src/record/flush_requests.ts";

function newRequest(
  roomId: string | undefined,
  upTo: number,
  told: string[] = [],
): FlushRequest {
  const settle = (ok: boolean) => void told.push(`${upTo} ${ok}`);
  const waiters = new Set([{ upTo, settle }]);
  return { reason: "demand", roomId, upTo, waiters };
}

Deno.test("FlushRequests gives requests in the order in which they came", () => {
  const requests = new FlushRequests();
  requests.add(newRequest("b", 1));
  requests.add(newRequest(undefined, 2));
  requests.add(newRequest("a", 3));
  const taken = [1, 2, 3].map(() => requests.take()?.roomId);
  assert.deepEqual(taken, ["b", undefined, "a"]);
  assert.equal(requests.take(), undefined);
});

Deno.test("FlushRequests makes one of the requests for one room", () => {
  const told: string[] = [];
  const requests = new FlushRequests();
  requests.add(newRequest("a", 1, told));
  requests.add(newRequest("b", 2, told));
  requests.add(newRequest("a", 3, told));
  const first = requests.take();
  assert(first);
  assert.equal(first.upTo, 3);
  releaseWaiters(first, 3);
  assert.deepEqual(told, ["1 true", "3 true"]);
  assert.equal(requests.take()?.roomId, "b");
  assert.equal(requests.take(), undefined);
});

Deno.test("FlushRequests extends the request for all, if one waits", () => {
  const requests = new FlushRequests();
  requests.add(newRequest("a", 1));
  assert.equal(requests.extendAll(5), false);
  requests.add(newRequest(undefined, 2));
  assert.equal(requests.extendAll(5), true);
  requests.take();
  assert.equal(requests.take()?.upTo, 5);
});

Deno.test("FlushRequests fails everyone who waits", () => {
  const told: string[] = [];
  const requests = new FlushRequests();
  requests.add(newRequest("a", 1, told));
  requests.add(newRequest(undefined, 2, told));
  requests.failAll();
  assert.deepEqual(told, ["1 false", "2 false"]);
  assert.equal(requests.take(), undefined);
});

Deno.test("releaseWaiters tells those whose records are stored", () => {
  const told: string[] = [];
  const request = newRequest("a", 3, told);
  for (const waiter of newRequest("a", 4, told).waiters) {
    request.waiters.add(waiter);
  }
  releaseWaiters(request, 2);
  assert.deepEqual(told, []);
  releaseWaiters(request, 3);
  assert.deepEqual(told, ["3 true"]);
  failWaiters(request);
  failWaiters(request);
  assert.deepEqual(told, ["3 true", "4 false"]);
});
