import assert from "node:assert/strict";
import fc from "fast-check";
import { type Receipt, SendLedger } from "../../src/room/send_ledger.ts";

const TEN_MINUTES_MS = 600_000;

function receipt(seq: number, at = 0): Receipt {
  return { id: `id${seq}`, seq, at };
}

Deno.test("SendLedger finds the receipt of a user's send", () => {
  const ledger = new SendLedger({ sizeMax: 10 });
  ledger.keep("ann", "m1", receipt(1));
  assert.deepEqual(ledger.find("ann", "m1", 5), receipt(1));
  assert.equal(ledger.find("ann", "m2", 5), undefined);
  assert.equal(ledger.find("bob", "m1", 5), undefined);
});

Deno.test("SendLedger forgets a receipt after 10 minutes", () => {
  const ledger = new SendLedger({ sizeMax: 10 });
  ledger.keep("ann", "m1", receipt(1, 1000));
  const lastAt = 1000 + TEN_MINUTES_MS - 1;
  assert.deepEqual(ledger.find("ann", "m1", lastAt), receipt(1, 1000));
  assert.equal(ledger.find("ann", "m1", lastAt + 1), undefined);
});

Deno.test("SendLedger drops what is stale without counting it", () => {
  const ledger = new SendLedger({ sizeMax: 10 });
  ledger.keep("ann", "m1", receipt(1, 0));
  ledger.keep("ann", "m2", receipt(2, 1));
  assert.equal(ledger.keep("bob", "m3", receipt(3, TEN_MINUTES_MS)), 0);
  assert.equal(ledger.size, 2);
});

Deno.test("SendLedger forgets the oldest early when it is full, and says so", () => {
  const ledger = new SendLedger({ sizeMax: 2 });
  const evicted = [1, 2, 3, 4].map((seq) =>
    ledger.keep("ann", `m${seq}`, receipt(seq))
  );
  assert.deepEqual(evicted, [0, 0, 1, 1]);
  assert.equal(ledger.size, 2);
  assert.equal(ledger.find("ann", "m2", 0), undefined);
  assert.deepEqual(ledger.find("ann", "m3", 0), receipt(3));
});

Deno.test("SendLedger takes a send anew once its receipt is stale", () => {
  const ledger = new SendLedger({ sizeMax: 10 });
  ledger.keep("ann", "m1", receipt(1, 0));
  ledger.keep("ann", "m1", receipt(9, TEN_MINUTES_MS));
  assert.deepEqual(
    ledger.find("ann", "m1", TEN_MINUTES_MS),
    receipt(9, TEN_MINUTES_MS),
  );
  assert.equal(ledger.size, 1);
});

Deno.test("SendLedger keeps users apart whatever their ids look like", () => {
  const ledger = new SendLedger({ sizeMax: 10 });
  ledger.keep("a", "b:c", receipt(1));
  assert.equal(ledger.find("a:b", "c", 0), undefined);
  assert.equal(ledger.find("ab", ":c", 0), undefined);
  ledger.keep("1", "1:x", receipt(2));
  assert.equal(ledger.find("11:", "x", 0), undefined);
});

Deno.test("SendLedger remembers the newest sends of the last 10 minutes", () => {
  const send = fc.record({
    user: fc.constantFrom("a", "a:b", "1"),
    id: fc.constantFrom("b:c", "c", "1:1", "x"),
    afterMs: fc.integer({ min: 0, max: 200_000 }),
  });
  fc.assert(fc.property(fc.array(send, { maxLength: 60 }), (sends) => {
    const ledger = new SendLedger({ sizeMax: 5 });
    let kept: { key: string; receipt: Receipt }[] = [];
    let now = 0;
    for (const [index, { user, id, afterMs }] of sends.entries()) {
      now += afterMs;
      const key = JSON.stringify([user, id]);
      kept = kept.filter(({ receipt: { at } }) => now - at < TEN_MINUTES_MS);
      const known = kept.find((one) => one.key === key)?.receipt;
      assert.deepEqual(ledger.find(user, id, now), known);
      if (known !== undefined) continue;
      const evicted = ledger.keep(user, id, receipt(index, now));
      kept.push({ key, receipt: receipt(index, now) });
      assert.equal(evicted, Math.max(0, kept.length - 5));
      kept = kept.slice(-5);
      assert.equal(ledger.size, kept.length);
    }
  }));
});
