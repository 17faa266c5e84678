import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type ExtensionContext, l10n } from "vscode";

/**
 * Makes `wsh-orchestrator` a command of this window's terminals, so that people and agents there can write notes and hand over. It runs on the
 * Node that the editor brings: there need not be another one.
 */
export async function putCliOnPath({ environmentVariableCollection: variables, globalStorageUri }: Pick<ExtensionContext, "environmentVariableCollection" | "globalStorageUri">, cli: string): Promise<void> {
  const folder = join(globalStorageUri.fsPath, "bin");
  await mkdir(folder, { recursive: true });
  if (process.platform === "win32") await writeFile(join(folder, "wsh-orchestrator.cmd"), `@set ELECTRON_RUN_AS_NODE=1\r\n@"${process.execPath}" "${cli}" %*\r\n`);
  else await writeFile(join(folder, "wsh-orchestrator"), `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${quoted(process.execPath)} ${quoted(cli)} "$@"\n`, { mode: 0o755 });
  variables.description = l10n.t("Puts wsh-orchestrator on the PATH.");
  variables.prepend("PATH", `${folder}${delimiter}`);
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
