// Where do files live that nobody needs after the run?
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives `work` a folder of its own, which goes when it is done or has failed. */
export async function inScratch(work) {
  const scratch = mkdtempSync(join(tmpdir(), "skillmesh-bench-"));
  try {
    return await work(scratch);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
