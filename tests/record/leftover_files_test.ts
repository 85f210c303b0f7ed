import assert from "node:assert/strict";
import type { JournalDirectory } from "../../src/record/journal_directory.ts";
import { LeftoverFiles } from "../../src/record/leftover_files.ts";
import { RecordingLog } from "../support/recording_log.ts";

function newLeftovers() {
  const disk = { canRemove: true, removed: [] as string[] };
  const directory = {
    remove: (name: string) => {
      if (!disk.canRemove) throw new Error("Operation not permitted");
      disk.removed.push(name);
    },
  } as unknown as JournalDirectory;
  const log = new RecordingLog();
  return { leftovers: new LeftoverFiles(directory, log), disk, log };
}

Deno.test("LeftoverFiles removes a file at once", () => {
  const { leftovers, disk } = newLeftovers();
  leftovers.add("one");
  assert.deepEqual(disk.removed, ["one"]);
  assert.equal(leftovers.size, 0);
});

Deno.test("LeftoverFiles tries again later and tells once", () => {
  const { leftovers, disk, log } = newLeftovers();
  disk.canRemove = false;
  leftovers.add("one");
  leftovers.retry();
  assert.equal(leftovers.size, 1);
  disk.canRemove = true;
  leftovers.retry();
  assert.equal(leftovers.size, 0);
  assert.deepEqual(disk.removed, ["one"]);
  assert.deepEqual(log.texts, [
    "warn Failed to remove journal segment one: Operation not permitted",
  ]);
});
