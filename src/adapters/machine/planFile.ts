import { open } from "node:fs/promises";
import { maxPlanLength } from "../../core/model/planLimits";

/**
 * The bytes of a plan's file: of one that is too large so many that it shows, however large it is. Throws what the file
 * system does.
 */
export async function readPlanBytes(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(maxPlanLength + 1);
    let length = 0;
    for (let more = true; more && length < bytes.length;) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
      length += bytesRead;
      more = bytesRead > 0;
    }
    return bytes.subarray(0, length);
  } finally {
    await file.close();
  }
}
