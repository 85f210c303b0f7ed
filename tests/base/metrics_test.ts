import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";

Deno.test("Metrics prints what was counted, in Prometheus' text format", async () => {
  const metrics = new Metrics();
  metrics.deliveries.inc(3);
  metrics.connections.set(2);
  metrics.devices.set(5);
  metrics.refusals.inc({ code: "busy" });
  metrics.flushSeconds.observe(0.002);
  const { body, contentType } = await metrics.text();
  assert.match(contentType, /^text\/plain/);
  assert.match(body, /^parlor_deliveries_total 3$/m);
  assert.match(body, /^parlor_connections 2$/m);
  assert.match(body, /^parlor_devices 5$/m);
  assert.match(body, /^parlor_refusals_total\{code="busy"\} 1$/m);
  assert.match(body, /^parlor_flush_seconds_bucket\{le="0.0025"\} 1$/m);
  assert.match(body, /^parlor_flush_seconds_bucket\{le="0.001"\} 0$/m);
});

Deno.test("Metrics looks at what changes by itself when it is read", async () => {
  const metrics = new Metrics();
  let depth = 1;
  metrics.beforeText(() => metrics.mailboxDepth.set(depth));
  depth = 7;
  assert.match((await metrics.text()).body, /^parlor_mailbox_depth 7$/m);
});

Deno.test("Metrics of two servers in one process are apart", async () => {
  const [one, two] = [new Metrics(), new Metrics()];
  one.joins.inc();
  assert.match((await one.text()).body, /^parlor_joins_total 1$/m);
  assert.match((await two.text()).body, /^parlor_joins_total 0$/m);
});

Deno.test("Metrics have an explanation and a name of ours each", async () => {
  const { body } = await new Metrics().text();
  const helps = body.match(/^# HELP .*$/gm) ?? [];
  assert(helps.length > 20);
  for (const help of helps) {
    assert.match(help, /^# HELP parlor_[a-z_]+ [A-Z]/);
  }
});
