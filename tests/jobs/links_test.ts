import assert from "node:assert/strict";
import { linksJob } from "../../src/jobs/links.ts";
import { RecordingLog } from "../support/recording_log.ts";

Deno.test("linksJob sweeps each minute, and says what was left open", async () => {
  const log = new RecordingLog();
  const found = [
    { expired: 0, endedRooms: 0 },
    { expired: 2, endedRooms: 1 },
    { expired: 0, endedRooms: 1 },
  ];
  const sweep = () => Promise.resolve(found.shift() ?? assert.fail());
  const job = linksJob({ sweep }, log);
  assert.deepEqual([job.name, job.schedule], ["links", "* * * * *"]);
  const { signal } = new AbortController();
  await job.run(signal);
  assert.deepEqual(log.texts, []);
  await job.run(signal);
  await job.run(signal);
  assert.deepEqual(log.lines.map(({ fields }) => fields), [
    { event: "links_swept", expired: 2, rooms: 1 },
    { event: "links_swept", expired: 0, rooms: 1 },
  ]);
});
