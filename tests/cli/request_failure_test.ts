import assert from "node:assert/strict";
import { RefusalError } from "../../cli/api_client.ts";
import { CliError } from "../../cli/cli_error.ts";
import { UnreachableError } from "../../cli/http_transport.ts";
import { isGone, mayPass } from "../../cli/request_failure.ts";

function refusal(status: number, code?: string): RefusalError {
  const body = { error: "No", ...(code === undefined ? {} : { code }) };
  return new RefusalError(new Response(null, { status }), body);
}

Deno.test("isGone believes Parlor alone that something is not there", () => {
  assert.equal(isGone(refusal(404, "room_not_found")), true);
  assert.equal(isGone(refusal(404)), false);
  assert.equal(isGone(refusal(403, "not_admin")), false);
  assert.equal(isGone(new Error("404")), false);
});

Deno.test("mayPass is for losses, and for what is busy", () => {
  const passing = [
    new UnreachableError("Cannot reach it", true),
    refusal(502),
    refusal(503, "busy"),
    refusal(429, "rate_limited"),
    refusal(404),
  ];
  for (const thrown of passing) assert.equal(mayPass(thrown), true);
  const lasting = [
    refusal(404, "room_not_found"),
    refusal(401),
    refusal(403, "not_admin"),
    new CliError("Cannot understand the answer"),
    "thrown",
  ];
  for (const thrown of lasting) assert.equal(mayPass(thrown), false);
});
