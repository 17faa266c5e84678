import { LinePattern, StepBudget } from "../model/linePattern";
import type { RuleDocument } from "../model/ruleDocument";
import type { ConditionText, RegionText, RuleFile } from "../model/ruleFileSchema";
import { didYouMean } from "../model/suggestion";
import {
  type CommonRules,
  type Condition,
  givenRegions,
  type ProgramRules,
  type Region,
  type StateRule,
} from "./programRules";

/**
 * What the patterns of one file may cost in one look at a screen: 5 to 12 ms of a processor's time, 30 while their code is
 * not compiled yet (measured). Ten rules that look for words on all of a full screen take two fifths of it.
 */
export const stepsPerLook = 200_000;

/** What there is beside a file of a person's own rules. */
export interface Shipped {
  readonly programs: readonly ProgramRules[];
  readonly anyAgent: CommonRules;
}

type Path = readonly PropertyKey[];

/** Whether something is wrong with what the text of a document says, which is noted there. */
export function noteMistakes(document: RuleDocument, text: RuleFile, shipped: Shipped): boolean {
  const base = extended(text, shipped);
  if (text.extends === "shipped" && !base) noteUnknown(document, text, shipped);
  const role = text.role ?? base?.role;
  if (role === undefined && text.extends === undefined)
    document.problem([], '"role" is missing; a program whose shipped rules are extended needs none');
  if (role !== undefined)
    noteRegions(document, text, { ...(role === "agent" ? shipped.anyAgent.regions : {}), ...base?.regions });
  return role === undefined || document.problems.length > 0;
}

/** What is asked, and told, while rules are made of a text. */
interface Making {
  readonly line: (path: Path) => number;
  readonly made?: (pattern: LinePattern) => void;
}

/** As a key: a path of names and numbers. */
export function pathKey(path: Path): string {
  return path.map(String).join(" ");
}

/** The rules of a text without mistakes, ready to be asked. `file`: where it is read from. */
export function ownProgram(text: RuleFile, file: string, shipped: Shipped, making: Making): ProgramRules {
  const base = extended(text, shipped);
  const role = text.role ?? base?.role ?? "tool";
  const budget = new StepBudget(stepsPerLook);
  const read = new Reader(making, file, budget);
  const rules = text.rules.map((rule, index) => read.rule(rule, ["rules", index]));
  const regions = Object.entries(text.regions ?? {}).map(([name, region]) => [
    name,
    read.region(region, ["regions", name]),
  ]);
  const { commands = [], apps = [], resumes = [], screen } = text.known ?? {};
  const seen = screen?.map((condition, index) => read.condition(condition, ["known", "screen", index]));
  const version = text.version
    ? { in: text.version.in, matches: read.pattern(text.version.matches, ["version", "matches"]) }
    : base?.version;
  const replaced = new Set(rules.map(({ name }) => name));
  return {
    // How its input and its transcript are read has no words in a file.
    ...(base && readingOf(base)),
    program: text.program,
    title: text.title ?? base?.title ?? text.program,
    role,
    recorded: [...(base?.recorded ?? []), ...(text.recorded ?? [])],
    known: {
      commands: base ? [...base.known.commands, ...commands] : text.known?.commands ? commands : [text.program],
      apps: [...(base?.known.apps ?? []), ...apps],
      resumes: [...(base?.known.resumes ?? []), ...resumes],
      ...((seen ?? base?.known.screen) ? { screen: seen ?? base?.known.screen ?? [] } : {}),
      ...(base?.known.untitled && !seen ? { untitled: base.known.untitled } : {}),
    },
    ...(version ? { version } : {}),
    regions: { ...base?.regions, ...(Object.fromEntries(regions) as Record<string, Region>) },
    // Of rules with the same priority, the ones of the file are heard first.
    rules: [...rules, ...(base?.rules ?? []).filter(({ name }) => !replaced.has(name))],
    own: { file, budget },
  };
}

type Reading = "fromLeftEdge" | "panelEdge" | "composer" | "turnOver" | "turnStopped" | "steps";

function readingOf(base: ProgramRules): Pick<ProgramRules, Reading> {
  const { fromLeftEdge, panelEdge, composer, turnOver, turnStopped, steps } = base;
  return {
    ...(fromLeftEdge === undefined ? {} : { fromLeftEdge }),
    ...(panelEdge && { panelEdge }),
    ...(composer && { composer }),
    ...(turnOver && { turnOver }),
    ...(turnStopped && { turnStopped }),
    ...(steps && { steps }),
  };
}

function extended({ program, extends: adds }: RuleFile, shipped: Shipped): ProgramRules | undefined {
  return adds === "shipped" ? shipped.programs.find((each) => each.program === program) : undefined;
}

function noteUnknown(document: RuleDocument, { program }: RuleFile, shipped: Shipped): void {
  const known = shipped.programs.map((each) => each.program);
  document.problem(
    ["program"],
    `no rules are shipped for "${program}"${didYouMean(program, known) || `; shipped are ${known.join(", ")}`}`,
  );
}

/** Regions that are named and nowhere described. */
function noteRegions(document: RuleDocument, text: RuleFile, others: Readonly<Record<string, Region>>): void {
  const own = Object.keys(text.regions ?? {});
  const known = [...own, ...givenRegions, ...Object.keys(others)];
  const note = (name: string | undefined, path: Path, among: readonly string[] = known): void => {
    if (name !== undefined && !among.includes(name))
      document.problem(
        path,
        `there is no region "${name}"${didYouMean(name, among) || `; known: ${[...new Set(among)].join(", ")}`}`,
      );
  };
  for (const name of own) note(text.regions?.[name]?.above, ["regions", name, "above"]);
  note(text.version?.in, ["version", "in"]);
  // What is looked for to know the program is looked for before anything of it is known.
  for (const [index, each] of (text.known?.screen ?? []).entries())
    note(each.in, ["known", "screen", index, "in"], givenRegions);
  for (const [index, rule] of text.rules.entries()) {
    const path = ["rules", index];
    for (const list of ["when", "unless"] as const)
      for (const [at, each] of (rule[list] ?? []).entries()) note(each.in, [...path, list, at, "in"]);
    note(rule.until?.in, [...path, "until", "in"]);
  }
}

/** Turns what is written into what is asked; each pattern knows the line where it stands. */
class Reader {
  constructor(
    private readonly making: Making,
    private readonly file: string,
    private readonly budget: StepBudget,
  ) {}

  pattern(source: string, path: Path): LinePattern {
    const pattern = new LinePattern(source, this.budget, this.making.line(path));
    this.making.made?.(pattern);
    return pattern;
  }

  rule({ when, unless, until, confidence = "high", ...rest }: RuleFile["rules"][number], path: Path): StateRule {
    const list = (name: string, conditions: readonly ConditionText[]): Condition[] =>
      conditions.map((each, index) => this.condition(each, [...path, name, index]));
    return {
      ...defined(rest),
      confidence,
      when: list("when", when),
      ...(unless ? { unless: list("unless", unless) } : {}),
      ...(until
        ? { until: { ...defined(until), matches: this.pattern(until.matches, [...path, "until", "matches"]) } }
        : {}),
      written: { file: this.file, line: this.making.line([...path, "name"]) },
    };
  }

  condition(text: ConditionText, path: Path): Condition {
    return this.#withPatterns(text, ["matches", "foreground"], path);
  }

  region(text: RegionText, path: Path): Region {
    return this.#withPatterns(text, ["from", "below", "to"], path);
  }

  #withPatterns<Text extends object, Key extends keyof Text>(
    text: Text,
    keys: readonly Key[],
    path: Path,
  ): Defined<Omit<Text, Key> & { [Each in Key]?: LinePattern }> {
    const read = keys.flatMap((key) => {
      const source = text[key];
      return typeof source === "string" ? [[key, this.pattern(source, [...path, key])]] : [];
    });
    return defined({ ...text, ...Object.fromEntries(read) });
  }
}

/** What is left out is not there, rather than undefined. */
type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

function defined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Defined<Value>;
}
