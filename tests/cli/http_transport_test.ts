import assert from "node:assert/strict";
import {
  ANSWER_MS_MAX,
  type Fetch,
  HttpTransport,
  type HttpTransportOptions,
  UnreachableError,
} from "../../cli/http_transport.ts";
import { FakeApi, freeAddress } from "../support/fake_api.ts";
import { FakeClock } from "../support/fake_clock.ts";

function transportTo(
  url: string,
  options: Partial<HttpTransportOptions> = {},
): HttpTransport {
  return new HttpTransport({
    url,
    apiKey: undefined,
    answerMsMax: ANSWER_MS_MAX,
    fetch,
    clock: new FakeClock(),
    ...options,
  });
}

Deno.test("HttpTransport sends method, path, key and JSON body", async () => {
  await using api = new FakeApi({ "POST /a?b=1": { body: { ok: 1 } } });
  const clock = new FakeClock();
  const transport = transportTo(api.url, { apiKey: "secret", clock });
  const response = await transport.request("POST", "/a?b=1", { text: "大" });
  assert.deepEqual(await response.json(), { ok: 1 });
  assert.deepEqual(api.seen, [
    { line: "POST /a?b=1", key: "secret", body: { text: "大" } },
  ]);
  assert.equal(clock.armed, 0);
});

Deno.test("HttpTransport sends neither key nor body that it has not", async () => {
  await using api = new FakeApi({ "GET /": { body: "x" } });
  await (await transportTo(api.url).request("GET", "/")).text();
  assert.deepEqual(api.seen, [{ line: "GET /", key: null, body: undefined }]);
});

Deno.test("HttpTransport follows no redirect", async () => {
  await using api = new FakeApi({
    "GET /": { status: 302, headers: { Location: "/elsewhere" } },
  });
  const response = await transportTo(api.url).request("GET", "/");
  assert.equal(response.status, 302);
  await response.body?.cancel();
  assert.equal(api.seen.length, 1);
});

Deno.test("HttpTransport says when nothing listens, and what to do", async () => {
  const url = `http://${freeAddress()}`;
  await assert.rejects(transportTo(url).request("GET", "/"), (error) => {
    assert(error instanceof UnreachableError);
    assert.equal(error.isRefused, true);
    assert.equal(
      error.message,
      `Cannot reach ${url}: nothing listens there; ` +
        "start the server (deno task start, or parlor serve), " +
        "or give its address with --url",
    );
    return true;
  });
});

Deno.test("HttpTransport does not take a broken connection for a refusal", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  const serving = listener.accept().then(async (connection) => {
    await connection.read(new Uint8Array(1024));
    connection.close();
  });
  await assert.rejects(transportTo(url).request("GET", "/"), (error) => {
    assert(error instanceof UnreachableError);
    assert.equal(error.isRefused, false);
    assert.match(error.message, /^Cannot reach http:\S+: connection \w+/);
    return true;
  });
  await serving;
});

Deno.test("HttpTransport waits for an answer no longer than its bound", async () => {
  const clock = new FakeClock();
  const fetch: Fetch = (_url, { signal }) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  const transport = transportTo("http://far", { fetch, clock });
  const asking = assert.rejects(transport.request("GET", "/"), {
    name: "UnreachableError",
    isRefused: false,
    message: "Cannot reach http://far: no answer within 30 s",
  });
  await clock.advance(ANSWER_MS_MAX - 1);
  assert.equal(clock.armed, 1);
  await clock.advance(1);
  await asking;
});

Deno.test("HttpTransport refuses a key that no header can carry", async () => {
  const transport = transportTo("http://far", { apiKey: "密码密码密码密码" });
  await assert.rejects(transport.request("GET", "/"), {
    message: "Cannot send ADMIN_API_KEY: a header holds Latin letters only",
  });
});
