import assert from "node:assert/strict";
import { uploadName, uploadPath } from "../../../src/http/tools/upload_path.ts";

Deno.test("uploadPath and uploadName are each other's way back", () => {
  const path = uploadPath("a room/猫", "x.png");
  assert.equal(path, "/tools/uploads/a%20room%2F%E7%8C%AB/x.png");
  assert.equal(uploadName("a room/猫", path), "x.png");
});

Deno.test("uploadName knows no file of another room or server", () => {
  const path = uploadPath("r1", "x.png");
  for (const url of ["", "/x.png", `https://parlor.test${path}`]) {
    assert.equal(uploadName("r1", url), undefined);
  }
  assert.equal(uploadName("r2", path), undefined);
  assert.equal(uploadName("r", path), undefined);
});
