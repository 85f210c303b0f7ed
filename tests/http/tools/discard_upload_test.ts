import assert from "node:assert/strict";
import { discardUpload } from "../../../src/http/tools/discard_upload.ts";
import { newTestTools } from "../../support/test_tools.ts";

const FILE = { roomId: "r1", name: "a.png", userId: "u1" };

Deno.test("discardUpload removes a user's own file", async () => {
  const { deps, log } = newTestTools();
  const asked: string[][] = [];
  const discard = (...words: string[]) => {
    asked.push(words);
    return Promise.resolve();
  };
  const uploads = { ...deps.uploads, discard };
  await discardUpload(FILE, { ...deps, uploads });
  assert.deepEqual(asked, [["r1", "a.png", "u1"]]);
  assert.deepEqual(log.lines, []);
});

Deno.test("discardUpload logs a disk that fails", async () => {
  const { deps, log } = newTestTools();
  const discard = () => Promise.reject(new Error("disk"));
  const uploads = { ...deps.uploads, discard };
  await discardUpload(FILE, { ...deps, uploads });
  const [line] = log.lines;
  assert.equal(line?.fields["event"], "upload_not_discarded");
  assert.equal(line?.fields["room"], "r1");
});
