import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import { ConnectionTable } from "../../src/edge/connection_table.ts";
import type { SocketSession } from "../../src/edge/socket_session.ts";
import { settle } from "../support/fake_clock.ts";

function newTable() {
  const edge = { connectionCount: 0 };
  const metrics = new Metrics();
  return { edge, metrics, table: new ConnectionTable({ edge, metrics }) };
}

Deno.test("ConnectionTable counts all connections and each address's", () => {
  const { table } = newTable();
  table.reserve("10.0.0.1");
  table.reserve("10.0.0.1");
  table.reserve("10.0.0.2");
  assert.equal(table.count, 3);
  assert.equal(table.countOf("10.0.0.1"), 2);
  table.release("10.0.0.1");
  assert.equal(table.count, 2);
  assert.equal(table.countOf("10.0.0.1"), 1);
  table.release("10.0.0.1");
  assert.equal(table.countOf("10.0.0.1"), 0);
  assert.equal(table.countOf("10.0.0.3"), 0);
});

Deno.test("ConnectionTable shows its count in the metrics and to the API", async () => {
  const { edge, metrics, table } = newTable();
  table.reserve("10.0.0.1");
  table.reserve("10.0.0.2");
  assert.equal(edge.connectionCount, 2);
  assert.match((await metrics.text()).body, /^parlor_connections 2$/m);
  table.release("10.0.0.2");
  assert.equal(edge.connectionCount, 1);
  assert.match((await metrics.text()).body, /^parlor_connections 1$/m);
});

Deno.test("ConnectionTable lists the open sessions, and waits for those that close", async () => {
  const { table } = newTable();
  const [ann, bob] = [{}, {}] as SocketSession[];
  assert(ann && bob);
  await table.allClosed();
  table.add(ann);
  table.add(bob);
  assert.deepEqual(table.sessions(), [ann, bob]);
  table.remove(ann);
  table.remove(bob);
  assert.deepEqual(table.sessions(), []);
  let isOver = false;
  const over = table.allClosed().then(() => isOver = true);
  table.closed(ann);
  table.closed(ann);
  await settle();
  assert.equal(isOver, false);
  table.closed(bob);
  await over;
});

Deno.test("ConnectionTable forgets a session whose socket closed by itself", async () => {
  const { table } = newTable();
  const session = {} as SocketSession;
  table.add(session);
  table.remove(session);
  table.closed(session);
  // As when the runtime tells of the end twice.
  table.remove(session);
  await table.allClosed();
});
