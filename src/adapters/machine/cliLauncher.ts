import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { posixQuotedWord } from "../../core/sense/shellWord";
import { replaceFile } from "./replaceFile";

export interface Launcher {
  /** Made when it is missing; it stays where it is across updates, because sessions keep it on their PATH. */
  readonly folder: string;
  /** The runtime, which may be an editor's own. */
  readonly runtime: string;
  /** `dist/cli.js`. */
  readonly program: string;
}

/**
 * Makes `wsh-orchestrator` a command of its own in a folder that can stand on a PATH. Throws as the file system does.
 */
export async function putLauncher(
  { folder, runtime, program }: Launcher,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  const [name, text] =
    platform === "win32"
      ? ["wsh-orchestrator.cmd", `@set ELECTRON_RUN_AS_NODE=1\r\n@"${runtime}" "${program}" %*\r\n`]
      : [
          "wsh-orchestrator",
          `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${posixQuotedWord(runtime)} ${posixQuotedWord(program)} "$@"\n`,
        ];
  const path = join(folder, name);
  if ((await readFile(path, "utf8").catch(() => undefined)) === text) return;
  // Somebody may be starting it at this moment.
  await replaceFile(path, text, 0o755);
}
