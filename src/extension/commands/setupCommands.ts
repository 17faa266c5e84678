import { l10n } from "vscode";
import { runProgram } from "../../adapters/machine/runProgram";
import { OrchestratorError } from "../../core/model/errors";
import { stripControlCharacters } from "../../core/safety/controlCharacters";
import { withoutKeptOut } from "../../core/session/keptOutVariables";
import type { Check } from "../../protocol/setupCheck";
import type { HostWorld } from "../hostWorld";
import { type SetupText, setupUri } from "../records/setupText";
import { serverAfterwards } from "../running/handOver";
import { shown } from "../shownText";
import { window } from "../shownWindow";
import { windowVariables } from "../windowEnvironment";
import { folders, pickedFolder } from "./folders";

/** Agents that run on Node take seconds to print their version where the machine is busy. */
const checkMs = 120_000;

/** What a person sees and does about what this extension needs. */
export class SetupCommands {
  constructor(
    private readonly world: HostWorld,
    private readonly text: SetupText,
  ) {}

  /** `{ fix: true }` adds the log's folder to ignore files first. */
  async show(options: unknown): Promise<void> {
    this.world.requireTrust();
    const folder = (await pickedFolder())?.uri.fsPath;
    if (folder === undefined) return;
    if (isFix(options)) await checkSetup(this.world, folder, ["--fix"]);
    const uri = setupUri(folder);
    this.text.refresh(folder);
    await window.showTextDocument(uri, { preview: false });
  }

  /** A line in a terminal of the person's own; they press Enter. */
  typeInTerminal(line: unknown): void {
    this.world.requireTrust();
    if (typeof line !== "string" || line === "") return;
    const cwd = folders()[0]?.uri.fsPath;
    const terminal = window.createTerminal({ name: shown(line), ...(cwd === undefined ? {} : { cwd }) });
    terminal.show();
    terminal.sendText(stripControlCharacters(line).replace(/[\r\n]+/g, " "), false);
  }
}

/**
 * The checks of `doctor` for that folder, by the command line, in a process of its own: it starts programs and reads many
 * files. Throws `internal` where that says nothing.
 */
export async function checkSetup(
  world: Pick<HostWorld, "settings" | "usedToken" | "program">,
  folder: string,
  more: readonly string[] = [],
): Promise<readonly Check[]> {
  const { server, token } = serverAfterwards(world, { folder });
  const result = await runProgram(
    process.execPath,
    [
      world.program("cli.js"),
      "doctor",
      "--json",
      `--dir=${folder}`,
      ...(server === undefined ? [] : [`--server=${server}`]),
      ...more,
    ],
    {
      cwd: folder,
      timeoutMs: checkMs,
      env: {
        ...withoutKeptOut(windowVariables(folder)),
        ELECTRON_RUN_AS_NODE: "1",
        ...(token === undefined ? {} : { WSH_TOKEN: token }),
      },
    },
  );
  const found: unknown = result && parsed(result.stdout);
  if (Array.isArray(found)) return found.filter(isCheck);
  throw new OrchestratorError(
    "internal",
    l10n.t("The set-up check ended without an answer. {0}", result?.stderr.trim() ?? ""),
    { kind: "report_fault" },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** It comes from our own program. */
function isCheck(value: unknown): value is Check {
  return typeof value === "object" && value !== null && "name" in value && "status" in value && "text" in value;
}

function isFix(options: unknown): boolean {
  return typeof options === "object" && options !== null && "fix" in options && options.fix === true;
}
