import assert from "node:assert/strict";
import { noPresence } from "../../src/edge/presence_port.ts";

Deno.test("noPresence takes whatever it is told, also of who was never there", () => {
  const connection = { id: "s", userId: "d", nickname: "D", roomId: null };
  assert.doesNotThrow(() => {
    noPresence.disconnect("never");
    noPresence.connect(connection);
    noPresence.connect(connection);
    noPresence.touch("s");
    noPresence.choose("d", "busy");
    noPresence.disconnect("s");
  });
});
