import { commands, l10n, ProgressLocation } from "vscode";
import type { prompt, PromptResult, PromptWorld } from "../../core/acts/prompt";
import { hasCode } from "../../core/model/errors";
import { shortSession } from "../../core/model/names";
import type { ReachedSession } from "../../core/session/reachedSession";
import type { FollowedProject } from "../../viewing/workspaceRecords";
import type { HostWorld } from "../hostWorld";
import { commandId } from "../identifiers";
import { shown } from "../shownText";
import { window } from "../shownWindow";

const toldMs = 5000;

type TypingHere = Pick<PromptWorld, "record" | "policy" | "clock" | "ids" | "actor" | "processes">;
type Send = (how: Pick<Parameters<typeof prompt>[2], "whenIdle" | "signal">) => Promise<PromptResult>;

/**
 * Gives the coding agent of a session a prompt, and says what became of it; one that is at work gets it when it is done, if
 * the person wants that. `given`: the prompt; else the person is asked for it.
 */
export async function promptAgentIn(
  world: HostWorld,
  { project, folder }: FollowedProject,
  reached: ReachedSession,
  typing: TypingHere,
  given: string | undefined,
): Promise<void> {
  const session = shortSession(reached.name);
  const text = given ?? (await askPrompt(session));
  if (text === undefined || text.trim() === "") return;
  const { prompt } = await import("../../core/acts/prompt");
  const place = {
    ...typing,
    workspace: folder.path,
    rules: () => world.programRules(),
    agents: () => world.agents(),
    consents: world.consents,
    logger: world.logger,
  };
  const target = { ...reached, role: () => Promise.resolve(undefined), cwd: project.default_cwd };
  const send: Send = (how) => prompt(target, place, { text, wait: false, ...how });
  const result = await sentNow(send);
  if (result) await tell(result, reached.name);
}

function askPrompt(session: string): Thenable<string | undefined> {
  return window.showInputBox({
    title: shown(l10n.t("Prompt to {0}", session)),
    prompt: shown(l10n.t("What should the agent do? The prompt is sent with Enter.")),
    ignoreFocusOut: true,
  });
}

/** Undefined where the person does not want to wait for an agent that is at work. Throws as `prompt`. */
async function sentNow(send: Send): Promise<PromptResult | undefined> {
  try {
    return await send({ whenIdle: false });
  } catch (error) {
    if (!hasCode(error, "session_busy") || error.remedy.kind !== "prompt_when_idle") throw error;
    const { message, remedy } = error;
    const later = { title: shown(l10n.t("Send When It Is Done")) };
    const look = { title: shown(l10n.t("Open Session")) };
    const chosen = await window.showWarningMessage(shown(message), later, look);
    if (chosen === look) await commands.executeCommand(commandId("showSession"), remedy.session);
    if (chosen !== later) return undefined;
    const title = shown(l10n.t("The prompt is sent when {0} is done", shortSession(remedy.session)));
    const options = { location: ProgressLocation.Notification, title, cancellable: true };
    return window.withProgress(options, async (_progress, cancelled) => {
      const left = new AbortController();
      const heard = cancelled.onCancellationRequested(() => left.abort());
      try {
        return await send({ whenIdle: true, signal: left.signal });
      } catch (reason) {
        if (left.signal.aborted) return undefined;
        throw reason;
      } finally {
        heard.dispose();
      }
    });
  }
}

async function tell(result: PromptResult, name: string): Promise<void> {
  if (result.how !== "ended") return;
  const session = shortSession(name);
  const { report, title } = result;
  if (report.known_by === "taken") {
    window.setStatusBarMessage(shown(l10n.t("{0} in {1} has taken the prompt", title, session)), toldMs);
    return;
  }
  const look = { title: shown(l10n.t("Open Session")) };
  const sentence =
    report.outcome === "session_ended"
      ? l10n.t("{0} has ended in {1}.", title, session)
      : l10n.t("What became of the prompt in {0} is not known: {1}.", session, report.why ?? l10n.t("it was not seen"));
  const chosen = await window.showWarningMessage(shown(sentence), look);
  if (chosen === look) await commands.executeCommand(commandId("showSession"), name);
}
