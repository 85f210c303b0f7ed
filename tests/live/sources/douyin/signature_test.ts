import assert from "node:assert/strict";
import { sign, toSign } from "../../../../src/live/sources/douyin/signature.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

const NEVER = new AbortController().signal;

const TO_SIGN = { input: "a=1", md5: "ff" };

/** Has something signed by a signer that answers in one way. */
async function signedBy(
  serve: (request: Request) => Response | Promise<Response>,
) {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    serve,
  );
  const signerUrl = `http://127.0.0.1:${server.addr.port}/sign`;
  const ports = { fetch, clock: new FakeClock(), signerUrl };
  return await sign(TO_SIGN, ports, NEVER);
}

Deno.test("toSign joins the parameters in the platform's order", () => {
  const { input, md5 } = toSign([
    ["identity", "audience"],
    ["compress", "gzip"],
    ["aid", "6383"],
    ["live_id", "1"],
    ["version_code", "180800"],
    ["webcast_sdk_version", "1.0.14-beta.0"],
    ["room_id", "7"],
    ["did_rule", "3"],
    ["user_unique_id", "8"],
    ["device_platform", "web"],
  ]);
  assert.equal(
    input,
    "live_id=1,aid=6383,version_code=180800," +
      "webcast_sdk_version=1.0.14-beta.0,room_id=7,sub_room_id=," +
      "sub_channel_id=,did_rule=3,user_unique_id=8,device_platform=web," +
      "device_type=,ac=,identity=audience",
  );
  // From md5sum.
  assert.equal(md5, "0229308cfbe1867b4acfcee1e6acaeae");
});

Deno.test("sign posts the md5 and what it is of, and answers the signature", async () => {
  const asked = Promise.withResolvers<unknown>();
  const signature = await signedBy(async (request) => {
    asked.resolve([request.method, await request.json()]);
    return Response.json({ signature: "abc" });
  });
  assert.equal(signature, "abc");
  assert.deepEqual(await asked.promise, ["POST", { md5: "ff", input: "a=1" }]);
});

Deno.test("sign says that the signer refuses, with its status", async () => {
  const signature = await signedBy(() => new Response("", { status: 503 }));
  assert.deepEqual(signature, {
    fault: "signer_failed",
    detail: "The signer refuses",
    code: 503,
  });
});

Deno.test("sign takes nothing but a signature", async () => {
  const bodies = ["", "[]", '{"signature":""}', '{"signature":5}', "{}"];
  const tooLong = JSON.stringify({ signature: "x".repeat(513) });
  for (const body of [...bodies, tooLong]) {
    assert.deepEqual(await signedBy(() => new Response(body)), {
      fault: "signer_failed",
      detail: "The signer's answer has no signature",
    }, body);
  }
});

Deno.test("sign fails when nobody is there, or says far too much", async () => {
  const ports = {
    fetch: () => Promise.reject(new TypeError("Connection refused")),
    clock: new FakeClock(),
    signerUrl: "http://host/",
  };
  assert.deepEqual(await sign(TO_SIGN, ports, NEVER), {
    fault: "signer_failed",
    detail: "The signer: connect_failed",
  });
  const signature = await signedBy(() => new Response("x".repeat(65_537)));
  assert(typeof signature === "object");
  assert.equal(signature.fault, "signer_failed");
});
