import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The runner of the tests ends its workers without a word, so none can tidy up after itself: all of a run has one folder for
 * what is temporary, and its runner removes that. Its name is short, since socket paths have little room.
 */
const folder = mkdtempSync(join(tmpdir(), "wo"));

export function setup(): void {
  // Some tests look at what another user finds there.
  chmodSync(folder, 0o755);
  process.env["TMPDIR"] = folder;
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
