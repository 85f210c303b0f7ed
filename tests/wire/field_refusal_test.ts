// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { z } from "zod";
import { fieldRefusal } from "../../src/wire/field_refusal.ts";

/** What a schema does not like about a value. */
function fault(schema: z.ZodType, value: unknown): z.ZodError {
  const { error } = schema.safeParse(value);
  assert(error);
  return error;
}

const schema = z.object({ user: z.object({ id: z.int("want a number") }) });

Deno.test("fieldRefusal names the first wrong field, and what holds it", () => {
  const fields = { user: { id: "x" } };
  const error = fault(schema, fields);
  assert.deepEqual(fieldRefusal(error, fields), {
    ok: false,
    code: "bad_request",
    message: "Invalid user.id: want a number",
  });
  assert.equal(
    fieldRefusal(error, fields, "payload").message,
    "Invalid payload.user.id: want a number",
  );
});

Deno.test("fieldRefusal names the frame when no one field is wrong", () => {
  const odd = z.object({}).refine(() => false, "is odd");
  const error = fault(odd, {});
  assert.equal(fieldRefusal(error, {}).message, "Invalid frame: is odd");
  assert.equal(
    fieldRefusal(error, {}, "payload").message,
    "Invalid payload: is odd",
  );
});

Deno.test("fieldRefusal gives an id back that is text of 128 characters at most", () => {
  const error = fault(schema, {});
  for (const client_msg_id of ["m1", "😀".repeat(128)]) {
    const { clientMsgId } = fieldRefusal(error, { client_msg_id });
    assert.equal(clientMsgId, client_msg_id);
  }
  const without = [{ client_msg_id: "x".repeat(129) }, { client_msg_id: 1 }];
  for (const fields of [...without, {}, null, "m1", undefined]) {
    assert(!("clientMsgId" in fieldRefusal(error, fields)));
  }
});
