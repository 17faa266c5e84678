import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A kind of window, with the tests of the folder that is named like it. */
export interface KindOfWindow {
  readonly title: string;
  readonly trusted: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Fills the folder, and gives what is opened. */
  readonly prepare: (workspace: string, cli: (...args: string[]) => void) => readonly string[];
}

const quiet = { trusted: true, settings: {} };

export const kindsOfWindows: Readonly<Record<string, KindOfWindow>> = {
  folder: { ...quiet, title: "one folder", prepare: (workspace) => [workspace] },
  several: {
    ...quiet,
    title: "two folders",
    prepare: (workspace) => {
      for (const name of ["north", "south"]) mkdirSync(join(workspace, name, ".vscode"), { recursive: true });
      writeFileSync(
        join(workspace, "south/.vscode/settings.json"),
        JSON.stringify({ "wshOrchestrator.maxSessions": 1 }),
      );
      const file = join(workspace, "both.code-workspace");
      writeFileSync(file, JSON.stringify({ folders: [{ path: "north" }, { path: "south" }] }));
      return [file];
    },
  },
  empty: { ...quiet, title: "no folder", prepare: () => [] },
  restricted: {
    title: "Restricted Mode",
    trusted: false,
    settings: { "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.banner": "never" },
    prepare: (workspace, cli) => {
      cli("do", "stored", "--run", "echo it was done before", "--goal", "Be readable");
      cli("do", "asking", "--run", "rm -rf ./asking");
      return [workspace];
    },
  },
};
