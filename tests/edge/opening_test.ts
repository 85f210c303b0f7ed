import assert from "node:assert/strict";
import { Opening } from "../../src/edge/opening.ts";

Deno.test("Opening passes every event on, once it is bound", () => {
  const heard: string[] = [];
  const opening = new Opening();
  opening.onText("too early");
  opening.bind({
    onOpen: () => heard.push("open"),
    onText: (text) => heard.push(`text ${text}`),
    onBinary: ({ length }) => heard.push(`binary ${length}`),
    onClose: (code) => heard.push(`close ${code}`),
  });
  opening.onOpen();
  opening.onText("hi");
  opening.onBinary(new Uint8Array(3));
  opening.onClose(1000);
  assert.deepEqual(heard, ["open", "text hi", "binary 3", "close 1000"]);
});
