import { l10n } from "vscode";
import { OrchestratorError } from "../../core/model/errors";
import type { Plan } from "../../core/model/plan";
import { looksLikeProse } from "../../core/model/prose";
import { quickPlan } from "../../core/model/quickPlan";
import { shown, type ShownText } from "../shownText";
import { askPick, askText, type StepEnd } from "./steps";

/** One command after the other until an empty one; the way back takes the last one away. */
export async function askCommands(step: number, total: number): Promise<StepEnd<string[]>> {
  const lines: string[] = [];
  for (;;) {
    const prompt = shown(
      lines.length === 0
        ? l10n.t("The first command, with its role. For example: builder: npm test")
        : l10n.t("So far: {0}. Type the next command, or press Enter to finish.", lines.join(" · ")),
    );
    const problem = (text: string): ShownText | undefined =>
      text.trim() === "" && lines.length === 0 ? shown(l10n.t("Type at least one command.")) : undefined;
    const end = await askText({
      title: shown(l10n.t("Do Project")),
      prompt,
      placeholder: shown(l10n.t("builder: npm test")),
      value: "",
      step: Math.max(2, step),
      total,
      problem,
    });
    if (end === undefined) return undefined;
    if (end === "back") {
      if (lines.pop() === undefined) return "back";
    } else if (end.value.trim() === "") return { value: lines };
    else if (!looksLikeProse(commandOf(end.value)) || (await runsProse(end.value.trim(), step, total)))
      lines.push(end.value.trim());
  }
}

/** What is typed after the role. */
function commandOf(line: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]{0,47}:\s+(.+)$/s.exec(line.trim())?.[1] ?? line;
}

/** A sentence is a command only when the person says so. */
async function runsProse(line: string, step: number, total: number): Promise<boolean> {
  const items = [
    {
      label: shown(l10n.t("Type it again")),
      description: shown(l10n.t("a sentence is for a coding agent")),
      runs: false,
    },
    { label: shown(l10n.t("Run it as a command")), description: shown(line), runs: true },
  ];
  const end = await askPick({
    title: shown(l10n.t("Do Project")),
    placeholder: shown(l10n.t("This reads like a sentence. A shell would take it for a command.")),
    items,
    step: Math.max(2, step),
    total,
  });
  return end !== undefined && end !== "back" && end.value.runs;
}

/**
 * Lines such as `builder: npm ci`, `npm test`, `reviewer: git diff`: what a role does in a row is one task, and each
 * task needs the one before it.
 */
export function typedPlan(
  { name, goal }: { readonly name: string; readonly goal: string },
  lines: readonly string[],
): Plan {
  const groups: { role: string; run: string[] }[] = [];
  for (const line of lines) {
    const [, role, command] = /^([A-Za-z][A-Za-z0-9_-]{0,47}):\s+(.+)$/s.exec(line) ?? [];
    const last = groups.at(-1);
    if (last && (role === undefined || role === last.role)) last.run.push(command ?? line);
    else groups.push({ role: role ?? "shell", run: [command ?? line] });
  }
  const ids = groups.map(({ role }, index) =>
    groups.findIndex((each) => each.role === role) === index ? role : `${role}-${index + 1}`,
  );
  const tasks = groups.map(({ role, run }, index): Plan["tasks"][number] => {
    const [task] = quickPlan({ project: name, role, run }).tasks;
    if (!task) throw new OrchestratorError("usage", l10n.t("There is no command to run."), { kind: "give_commands" });
    return { ...task, id: ids[index] ?? role, needs: index === 0 ? [] : [ids[index - 1] ?? ""] };
  });
  const roles = [...new Set(groups.map(({ role }) => role))].map((role) => ({ name: role, env: {}, count: 1 }));
  return { ...quickPlan({ project: name, goal, run: lines }), roles, tasks };
}
