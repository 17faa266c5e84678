import { lstat } from "node:fs/promises";

/** Whether a socket of this user is there. False on Windows, where files have no owner. */
export async function ownsSocket(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isSocket() === true && stats.uid === process.getuid?.();
}
