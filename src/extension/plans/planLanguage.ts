import { l10n, Location, type Position, Range, type TextDocument, WorkspaceEdit } from "vscode";
import type { AgentChoices } from "../../core/model/agentProfile";
import type { Disposable } from "../../core/base/lifecycle";
import { OrchestratorError } from "../../core/model/errors";
import { rolePattern } from "../../core/model/names";
import type { PlanCompletion } from "../../core/model/planCompletions";
import type { PlanMend } from "../../core/model/planError";
import type { PlanKey } from "../../core/model/planKeys";
import { nameAt, type PlacedPart, type PlanName, placesOf } from "../../core/model/planOutline";
import { advice } from "../../core/model/remedy";
import type { PlanWork } from "../../core/ports/plans";
import { shown, shownLines } from "../shownText";
import {
  completionItem,
  documentSymbol,
  hoverOf,
  languages,
  quickFix,
  type ShownMeaning,
  type ShownSymbol,
} from "../shownWindow";
import { isPlanInTheMaking, planFilter } from "./planFiles";
import { type PlanOutlines, rangeOf } from "./planOutlines";
import type { PlanProblems } from "./planProblems";

export interface PlanLanguageParts {
  readonly plans: PlanWork;
  readonly outlines: PlanOutlines;
  readonly problems: PlanProblems;
  readonly agents: () => Promise<readonly AgentChoices[]>;
  /** Another extension has an outline for every YAML file: then ours would stand beside it. */
  readonly hasYamlOutline: () => boolean;
}

/** What an editor offers for plans: what they may say, what it means, where names come from. */
export function registerPlanLanguage(parts: PlanLanguageParts): Disposable[] {
  const { plans, outlines, problems, agents, hasYamlOutline } = parts;
  const named = async (document: TextDocument, at: Position): Promise<readonly PlanName[]> => {
    const outline = await outlines.of(document);
    const name = nameAt(outline, document.offsetAt(at));
    return name ? placesOf(outline, name) : [];
  };
  const locations = (document: TextDocument, names: readonly PlanName[]): Location[] =>
    names.map(({ at }) => new Location(document.uri, rangeOf(document, at)));
  return [
    languages.registerCompletionItemProvider(
      planFilter,
      {
        provideCompletionItems: async (document, at) => {
          if (!isPlanInTheMaking(document)) return [];
          const { version } = document;
          const found = await plans.planCompletions(document.getText(), document.offsetAt(at), await agents());
          // What was typed meanwhile is asked about anew.
          return document.version === version ? found.map((each) => completion(document, each)) : [];
        },
      },
      " ",
      "{",
      "[",
      ",",
    ),
    languages.registerHoverProvider(planFilter, {
      provideHover: async (document, at) => {
        if (!isPlanInTheMaking(document)) return undefined;
        const hover = await plans.planHover(document.getText(), document.offsetAt(at));
        if (!hover) return undefined;
        const meaning = hover.key ? meaningOf(hover.key) : { code: [shownLines(hover.described ?? "")] };
        return hoverOf(rangeOf(document, hover.at), meaning);
      },
    }),
    languages.registerDocumentSymbolProvider(planFilter, {
      provideDocumentSymbols: async (document) => {
        if (!isPlanInTheMaking(document) || hasYamlOutline()) return [];
        const { roles, tasks } = await outlines.of(document);
        return [
          ...group(document, l10n.t("Roles"), "role", roles),
          ...group(document, l10n.t("Tasks"), "task", tasks),
        ].map(documentSymbol);
      },
    }),
    languages.registerDefinitionProvider(planFilter, {
      provideDefinition: async (document, at) =>
        locations(
          document,
          (await named(document, at)).filter(({ isDefinition }) => isDefinition),
        ),
    }),
    languages.registerReferenceProvider(planFilter, {
      provideReferences: async (document, at, { includeDeclaration }) =>
        locations(
          document,
          (await named(document, at)).filter(({ isDefinition }) => includeDeclaration || !isDefinition),
        ),
    }),
    languages.registerRenameProvider(planFilter, {
      prepareRename: async (document, at) => {
        const name = nameAt(await outlines.of(document), document.offsetAt(at));
        if (name) return { range: rangeOf(document, name.at), placeholder: name.name };
        throw new Error(l10n.t("Only roles and tasks can be renamed."));
      },
      provideRenameEdits: async (document, at, wanted) => renamed(document, await named(document, at), wanted),
    }),
    languages.registerCodeActionsProvider(planFilter, {
      provideCodeActions: async (document, range) => {
        const found = problems
          .at(document, range)
          .flatMap(({ mends = [], range: at }) => mends.map((mend) => ({ mend, at })))
          // What was typed since the last look may have another word there.
          .filter(({ mend, at }) => mend.how !== "replace" || stands(document, at.start, mend.wrong));
        const outline = await outlines.of(document);
        return found.map(({ mend, at }, index) => {
          const edit = new WorkspaceEdit();
          if (mend.how === "replace") edit.replace(document.uri, wordAt(document, at.start, mend.wrong), mend.right);
          else {
            const last = outline.roles.at(-1);
            // Behind the last role, in a line of its own; a plan without roles gets some.
            if (last && isInBlock(document, last)) {
              const lines = document.positionAt(last.at.end).line;
              const indent = " ".repeat(document.positionAt(last.nameAt.start).character);
              edit.insert(document.uri, document.lineAt(lines).range.end, `\n${indent}${mend.role}: {}`);
            } else if (last) edit.insert(document.uri, document.positionAt(last.at.end), `, ${mend.role}: {}`);
            else edit.insert(document.uri, tasksLine(document), `roles:\n  ${mend.role}: {}\n`);
          }
          return quickFix(mendTitle(mend), edit, index === 0);
        });
      },
    }),
  ];
}

function completion(document: TextDocument, each: PlanCompletion): ReturnType<typeof completionItem> {
  return completionItem({
    label: shown(each.label),
    detail: shown(each.detail),
    meaning: each.key && meaningOf(each.key, false),
    icon: each.is === "key" ? "key" : each.is === "word" ? "value" : "name",
    range: rangeOf(document, each.at),
    insert: each.insert,
    isSnippet: each.isSnippet,
    goesOn: each.goesOn,
  });
}

function meaningOf({ key, description, examples, isRequired }: PlanKey, withName = true): ShownMeaning {
  const heading = isRequired ? l10n.t("{0} (required)", key) : key;
  return {
    ...(withName ? { heading: shown(heading) } : {}),
    text: shown(description),
    code: examples.map(shownLines),
  };
}

function group(
  document: TextDocument,
  name: string,
  icon: "role" | "task",
  parts: readonly PlacedPart[],
): ShownSymbol[] {
  const [first, last] = [parts[0], parts.at(-1)];
  if (!first || !last) return [];
  const range = new Range(document.positionAt(first.at.start), document.positionAt(last.at.end));
  const children = parts.map((part): ShownSymbol => ({
    name: shown(part.name),
    detail: shown(part.detail),
    icon,
    range: rangeOf(document, part.at),
    nameRange: rangeOf(document, part.nameAt),
    children: [],
  }));
  const nameRange = new Range(range.start, range.start);
  return [{ name: shown(name), detail: shown(""), icon: "group", range, nameRange, children }];
}

/** Throws `name_invalid` for a name that a role or a task cannot have. */
async function renamed(document: TextDocument, names: readonly PlanName[], wanted: string): Promise<WorkspaceEdit> {
  const { taskIdPattern } = await import("../../core/model/planSchema");
  const [first] = names;
  if (!first || !(first.is === "role" ? rolePattern : taskIdPattern).test(wanted))
    throw new OrchestratorError(
      "name_invalid",
      l10n.t("{0} is not a valid name.", wanted),
      advice(l10n.t("Use letters, digits, underscores or hyphens, beginning with a letter or digit.")),
    );
  const { bare } = await import("../../core/model/planCompletions");
  const edit = new WorkspaceEdit();
  for (const { at, isBare } of names) edit.replace(document.uri, rangeOf(document, at), isBare ? bare(wanted) : wanted);
  return edit;
}

/** The wrong word, which may stand in quotes. */
function stands(document: TextDocument, at: Position, word: string): boolean {
  return at.line < document.lineCount && document.lineAt(at.line).text.includes(word, at.character);
}

function wordAt(document: TextDocument, at: Position, wrong: string): Range {
  const first = document.lineAt(at.line).text.indexOf(wrong, at.character);
  const start = first < 0 ? at : at.with({ character: first });
  return new Range(start, start.translate(0, wrong.length));
}

function isInBlock(document: TextDocument, { nameAt: { start } }: PlacedPart): boolean {
  const at = document.positionAt(start);
  return /^\s+["']?$/.test(document.lineAt(at.line).text.slice(0, at.character));
}

function tasksLine(document: TextDocument): Position {
  const before = document.getText().search(/^tasks:/m);
  return document.positionAt(before < 0 ? document.getText().length : before);
}

function mendTitle(mend: PlanMend): ReturnType<typeof shown> {
  return shown(
    mend.how === "replace"
      ? l10n.t('Change "{0}" to "{1}"', mend.wrong, mend.right)
      : l10n.t('Add the role "{0}"', mend.role),
  );
}
