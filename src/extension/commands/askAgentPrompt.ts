import { l10n, ThemeIcon } from "vscode";
import { startedWord, type AgentMachine } from "../../core/ports/agents";
import { type AgentCatalog, agentModes, type AgentMode, type AgentProfile } from "../../core/model/agentProfile";
import type { RoleAgent } from "../../core/model/plan";
import { quickPlan } from "../../core/model/quickPlan";
import { messageOf } from "../../core/model/errors";
import { shown, type ShownText } from "../shownText";
import type { ShownItem } from "../shownWindow";
import { askPick, askText, type StepEnd } from "./steps";

/** What an agent is to do. */
export interface AgentPrompt {
  readonly agent: RoleAgent;
  readonly prompt: string;
}

interface AgentItem extends ShownItem {
  readonly profile: AgentProfile;
  readonly installed: boolean;
}

interface ModeItem extends ShownItem {
  readonly mode: AgentMode | undefined;
}

/** Where agents are looked for. */
export interface AgentPlace {
  readonly machine: AgentMachine;
  /** Folders as in PATH. */
  readonly path: string;
  readonly folder: string;
}

/** Asks for an agent, its mode and its prompt, with a way back to each. */
export async function askAgentPrompt(
  catalog: AgentCatalog,
  place: AgentPlace,
  step: number,
  total: number,
): Promise<StepEnd<AgentPrompt>> {
  const title = shown(l10n.t("Do Project"));
  const items = await agentItems(catalog, place);
  for (;;) {
    const chosen = await askPick({ title, placeholder: shown(l10n.t("Choose a coding agent")), items, step, total });
    if (chosen === undefined || chosen === "back") return chosen;
    const { profile } = chosen.value;
    const end = await askMode(profile, title, step, total);
    if (end !== "back") return end;
  }
}

/** Those that are installed come first. */
async function agentItems(catalog: AgentCatalog, { machine, path, folder }: AgentPlace): Promise<AgentItem[]> {
  const items = catalog.names.flatMap((name) => {
    const profile = catalog.of(name);
    return profile ? [itemOf(profile)] : [];
  });
  const all = await Promise.all(items);
  return [...all.filter(({ installed }) => installed), ...all.filter(({ installed }) => !installed)];

  async function itemOf(profile: AgentProfile): Promise<AgentItem> {
    const word = startedWord(profile.command);
    const installed = word !== undefined && (await machine.programFile(word, path, folder)) !== undefined;
    return {
      iconPath: new ThemeIcon(installed ? "sparkle" : "circle-slash"),
      label: shown(profile.title),
      description: shown(installed ? profile.name : l10n.t("not found; install it with: {0}", profile.install)),
      profile,
      installed,
    };
  }
}

async function askMode(
  profile: AgentProfile,
  title: ShownText,
  step: number,
  total: number,
): Promise<StepEnd<AgentPrompt>> {
  const items: ModeItem[] = [
    { label: shown(l10n.t("As it is set up")), description: shown(l10n.t("no mode is given")), mode: undefined },
    ...agentModes
      .filter((mode) => profile.modes[mode] !== undefined)
      .map((mode) => ({ label: shown(mode), description: shown(modeText(mode)), mode })),
  ];
  for (;;) {
    const placeholder = shown(l10n.t("How much may {0} do without asking?", profile.title));
    const chosen = await askPick({ title, placeholder, items, step, total });
    if (chosen === undefined || chosen === "back") return chosen;
    const { mode } = chosen.value;
    const agent = { use: profile.name, ...(mode === undefined ? {} : { mode }) };
    const text = await askText({
      title,
      prompt: shown(l10n.t("What should {0} do? You can change the plan before it runs.", profile.title)),
      placeholder: shown(l10n.t("Add a test for the parser")),
      value: "",
      step,
      total,
      problem: (prompt) => promptProblem({ agent, prompt }),
    });
    if (text === undefined) return undefined;
    if (text !== "back") return { value: { agent, prompt: text.value } };
  }
}

function modeText(mode: AgentMode): string {
  switch (mode) {
    case "ask":
      return l10n.t("asks before commands and edits");
    case "edits":
      return l10n.t("edits files without asking");
    case "auto":
      return l10n.t("decides by itself; you are asked before it starts");
    case "plan":
      return l10n.t("only plans");
  }
}

function promptProblem(given: AgentPrompt): ShownText | undefined {
  try {
    quickPlan({ project: "x", ...given });
    return undefined;
  } catch (error) {
    return shown(messageOf(error));
  }
}
