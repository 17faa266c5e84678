import { RuleDocument } from "../model/ruleDocument";
import type { ExampleText } from "../model/ruleFileSchema";
import { RulesError } from "../model/rulesError";
import { ownProgram } from "./ownProgram";
import type { ProgramRules } from "./programRules";
import { factsOfSample } from "./sample";
import { RuleCatalog, senseTerminal } from "./senseTerminal";
import type { Sensed, TerminalFacts } from "./terminalFacts";

/** A file of a person's own rules, or why it cannot be read: a sentence's end. */
export interface RuleFileText {
  readonly file: string;
  readonly text?: string;
  readonly unreadable?: string;
}

/** What one of these files is worth. */
export interface OwnRuleFile {
  readonly file: string;
  /** What it defines; undefined where its rules are not used. */
  readonly program?: ProgramRules;
  /** Of these rules, how many replace or add to shipped ones. */
  readonly extends: boolean;
  readonly examples: number;
  /** Why its rules are not used. */
  readonly error?: RulesError;
}

/**
 * Reads a person's own rules, in the order of their files, and tries the examples that they hold. A file with something
 * wrong has an error and takes no other one down.
 */
export function readOwnRules(files: readonly RuleFileText[], shipped: RuleCatalog): OwnRuleFile[] {
  const definedIn = new Map<string, string>();
  return files.map(({ file, text, unreadable }) => {
    if (text === undefined) {
      const message = `it cannot be read: ${unreadable ?? "it has no text"}`;
      const error = new RulesError(file, [{ message, line: 1, column: 1, place: "" }]);
      return { file, extends: false, examples: 0, error };
    }
    const document = new RuleDocument(text);
    const program = ownProgram(document, file, { programs: shipped.shipped, anyAgent: shipped.anyAgent });
    const examples = document.rules?.examples ?? [];
    if (program) {
      const other = definedIn.get(program.program);
      if (other === undefined) tryExamples(document, program, examples, shipped);
      else document.problem(["program"], `the rules of ${program.program} are in ${other} already`);
    }
    const { problems } = document;
    const about = { file, extends: document.rules?.extends !== undefined, examples: examples.length };
    if (!program || problems.length > 0) return { ...about, error: new RulesError(file, problems) };
    definedIn.set(program.program, file);
    return { ...about, program };
  });
}

/** Notes each example on which something else is found than what it expects. */
function tryExamples(
  document: RuleDocument,
  program: ProgramRules,
  examples: readonly ExampleText[],
  shipped: RuleCatalog,
): void {
  let tooSlow: string | undefined;
  const catalog = new RuleCatalog(shipped.shipped, shipped.anyAgent);
  catalog.useOwn([program], (_program, { pattern }) => {
    tooSlow = `the pattern ${pattern.source} (line ${pattern.line}) takes too long on it`;
  });
  for (const [index, example] of examples.entries()) {
    const found = senseTerminal(factsOfExample(example, program), catalog);
    const problem = tooSlow ?? differenceOf(found, example.expect);
    if (problem !== undefined) document.problem(["examples", index, "expect"], problem);
    if (tooSlow !== undefined) return;
  }
}

function factsOfExample(
  { screen, expect: _expect, echo, canonical, ...facts }: ExampleText,
  { program }: ProgramRules,
): TerminalFacts {
  return factsOfSample(
    screen,
    {
      tool: program,
      ...facts,
      ...(facts.cursor ? { cursor: { visible: true, ...facts.cursor } } : {}),
    },
    { ...(echo === undefined ? {} : { echo }), ...(canonical === undefined ? {} : { canonical }) },
  );
}

/** `must be waiting (permission), but idle is found by the rule claude/composer, in "❯"` */
function differenceOf(found: Sensed, wanted: ExampleText["expect"]): string | undefined {
  const [first] = found.evidence;
  const rule = first?.rule.split("/").at(-1);
  if (
    found.state === wanted.state &&
    (wanted.kind === undefined || wanted.kind === found.kind) &&
    (wanted.rule === undefined || wanted.rule === rule)
  )
    return undefined;
  const line = first?.lines[0];
  const by = first ? ` by the rule ${first.rule}${line === undefined ? "" : `, in "${line}"`}` : "";
  const wantedBy = wanted.rule === undefined ? "" : ` by the rule ${wanted.rule}`;
  return `must be ${withKind(wanted)}${wantedBy}, but ${withKind(found)} is found${by}`;
}

function withKind({ state, kind }: { readonly state: string; readonly kind?: string | undefined }): string {
  return kind === undefined ? state : `${state} (${kind})`;
}
