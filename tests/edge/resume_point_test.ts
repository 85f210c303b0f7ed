import assert from "node:assert/strict";
import { resumePointOf } from "../../src/edge/resume_point.ts";
import { ChatError } from "../../src/wire/errors.ts";

function pointOf(query: string) {
  return resumePointOf(new URL(`http://parlor.test/?${query}`));
}

Deno.test("resumePointOf() reads since and epoch together, or neither", () => {
  assert.deepEqual(pointOf("since=5&epoch=e"), { sinceSeq: 5, epoch: "e" });
  assert.equal(pointOf(""), null);
  assert.equal(pointOf("since=5"), null);
  assert.equal(pointOf("epoch=e"), null);
});

Deno.test("resumePointOf() takes numbers up to the largest", () => {
  const most = Number.MAX_SAFE_INTEGER;
  assert.equal(pointOf(`since=${most}&epoch=e`)?.sinceSeq, most);
  for (const since of [`${2 ** 53}`, "", "-1", "1.5", "0x1", "x"]) {
    assert.throws(
      () => pointOf(`since=${since}&epoch=e`),
      new ChatError("bad_request", { message: "since is not a number" }),
    );
  }
});
