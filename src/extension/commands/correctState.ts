import { access } from "node:fs/promises";
import { join } from "node:path";
import { commands, l10n, Position, Uri, ViewColumn, workspace } from "vscode";
import { createOwnSamples } from "../../adapters/machine/ownSamples";
import { correctState, type CorrectedState } from "../../core/acts/correctState";
import type { Acting } from "../../core/acts/acting";
import { namedState, namedStates } from "../../core/model/namedState";
import { shortSession } from "../../core/model/names";
import type { SessionState } from "../../core/model/states";
import { isWanted, kindsOf, type WantedState, wantedText } from "../../core/model/wantedState";
import { startedRule } from "../../core/sense/startedRule";
import { isRunning } from "../../protocol/projectRows";
import { sessionLook } from "../../protocol/stateLook";
import type { ReachedSession } from "../../viewing/followedSessions";
import type { HostWorld } from "../hostWorld";
import { buttonTitle, shown } from "../shownText";
import { window } from "../shownWindow";

/** What a person most often means comes first. */
const listed: readonly SessionState[] = ["working", "idle", "waiting", "limited", "failed", "starting", "exited"];

/** A person says which state a session truly is in; undefined `given`: they choose it. Offers what may be done next. */
export async function correctStateOf(
  world: HostWorld,
  by: Acting,
  { chosen, wire, name, context, followed }: ReachedSession,
  given: unknown,
): Promise<void> {
  const right = typeof given === "string" ? namedState(given) : await chosenState(name);
  if (!right) return;
  const isFollowed = isRunning(followed.runner);
  const corrected = await correctState(
    by,
    { server: chosen.server, wire, name, right, recorded: { record: followed.record, context, isFollowed } },
    {
      samples: createOwnSamples(process.env),
      catalog: await world.programRules(),
      redactor: await world.redactor,
      clock: world.clock,
    },
  );
  // A caller does not wait for what a person may do next.
  void offerNext(world, corrected, name);
}

async function chosenState(name: string): Promise<WantedState | undefined> {
  const states = [...namedStates]
    .sort((one, other) => listed.indexOf(one) - listed.indexOf(other))
    .flatMap((state): WantedState[] => [{ state }, ...kindsOf(state).map((kind) => ({ state, kind }))]);
  const words = new Set<string>();
  const items = states.flatMap((named) => {
    const { word } = sessionLook(named);
    // A kind without words of its own is the state's.
    if (words.has(word)) return [];
    words.add(word);
    return [{ label: shown(word), description: shown(wantedText(named)), named }];
  });
  const picked = await window.showQuickPick(items, {
    title: shown(l10n.t("This Is Wrong: {0}", shortSession(name))),
    placeHolder: shown(l10n.t("What does the session truly do?")),
    matchOnDescription: true,
  });
  return picked?.named;
}

async function offerNext(world: HostWorld, corrected: CorrectedState, name: string): Promise<void> {
  const { sample, closed, found, right } = corrected;
  const writeRule = { title: buttonTitle(l10n.t("Write Rule")) };
  const showSample = { title: buttonTitle(l10n.t("Show Sample")) };
  const openReadme = { title: buttonTitle(l10n.t("Open README")) };
  const isRight = isWanted(right, found);
  const sentences = [
    l10n.t("Saved as a sample in your settings folder: {0}.", sample.split(/[\\/]/).at(-1) ?? ""),
    ...(closed ? [l10n.t("The question of {0} is closed.", shortSession(name))] : []),
    isRight
      ? l10n.t("The rules find the right state on it.")
      : l10n.t("A rule of your own can find the right state next time."),
  ];
  const chosen = await window.showInformationMessage(
    shown(sentences.join(" ")),
    ...(isRight ? [showSample] : [writeRule, showSample, openReadme]),
  );
  if (chosen === showSample) await window.showTextDocument(Uri.file(`${sample}.txt`), { preview: true });
  if (chosen === openReadme)
    await commands.executeCommand(
      "markdown.showPreview",
      (await world.readme()).with({ fragment: "rules-of-your-own" }),
    );
  if (chosen === writeRule) await openStartedRule(world, corrected);
}

/**
 * A file that begins with a rule for the sample: under the name of its program where there is none yet, which is written once
 * the person saves it; else beside the file that is there.
 */
async function openStartedRule(world: HostWorld, { texts, right }: CorrectedState): Promise<void> {
  const { program, text } = startedRule(texts.screen, texts.facts, right, await world.programRules());
  const file = join(world.ruleFolder, `${program}.yaml`);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) {
    await window.showTextDocument(Uri.file(file), { preview: false });
    const beside = await workspace.openTextDocument({ language: "yaml", content: text });
    await window.showTextDocument(beside, { preview: false, viewColumn: ViewColumn.Beside });
    return;
  }
  const document = await workspace.openTextDocument(Uri.file(file).with({ scheme: "untitled" }));
  const editor = await window.showTextDocument(document, { preview: false });
  // One that was begun before and not saved keeps what a person wrote.
  if (document.getText() === "") await editor.edit((edit) => edit.insert(new Position(0, 0), text));
}
