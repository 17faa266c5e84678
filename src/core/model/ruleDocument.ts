import { valueAt } from "./issueSentence";
import { type Path, PlacedDocument, textOf } from "./placedDocument";
import { type RuleFile, ruleFileSchema, ruleStates } from "./ruleFileSchema";
import { stateKinds } from "./stateKinds";
import { didYouMean } from "./suggestion";

/** Longer files of rules are not read; the largest of the shipped ones have a tenth of it. */
export const maxRuleFileLength = 200_000;
const second = "a file has the rules of one program; a second YAML document begins here";
const patternKeys: readonly PropertyKey[] = ["from", "to", "below", "matches", "foreground"];

/** The text of a file of rules as data that still knows where each part of it stands. */
export class RuleDocument extends PlacedDocument<RuleFile> {
  constructor(text: string) {
    super(text, { schema: ruleFileSchema, longest: maxRuleFileLength, second });
  }

  /** What a schema cannot say: patterns, kinds of a state, names that appear twice. */
  protected override noteMeaning(data: unknown): void {
    for (const [path, pattern] of patternsIn(data, [])) this.notePattern(pattern, path);
    const given = valueAt(data, ["rules"]);
    const names = new Set<string>();
    for (const [index, rule] of (Array.isArray(given) ? (given as unknown[]) : []).entries()) {
      const path = ["rules", index];
      const [name, state, kind] = ["name", "state", "kind"].map((key) => valueAt(rule, [key]));
      if (typeof name === "string") {
        if (names.has(name)) this.problem([...path, "name"], `there are two rules "${name}"`);
        names.add(name);
      }
      const known = ruleStates.find((each) => each === state);
      if (known === undefined || typeof kind !== "string") continue;
      const kinds: readonly string[] = Object.entries(stateKinds).find(([of]) => of === known)?.[1] ?? [];
      if (kinds.length === 0) this.problem([...path, "kind"], `the state ${known} has no kinds`);
      else if (!kinds.includes(kind))
        this.problem(
          [...path, "kind"],
          `must be one of ${kinds.join(", ")} in the state ${known}${didYouMean(kind, kinds)}`,
        );
    }
  }

  /** People know a rule by its name. */
  protected override placeOf(path: Path): string {
    const [list, index, ...rest] = path;
    const name = list === "rules" && index !== undefined ? this.textAt([list, index, "name"]) : undefined;
    if (name === undefined || rest[0] === "name") return textOf(path);
    return `rule "${name}"${rest.length === 0 ? "" : `: ${textOf(rest)}`}`;
  }
}

/** The patterns of the rules, each with its place; those of examples are texts. */
function* patternsIn(value: unknown, path: Path): Generator<readonly [Path, string]> {
  if (path[0] === "examples" || typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    if (typeof each === "string" && patternKeys.includes(key)) yield [at, each];
    else yield* patternsIn(each, at);
  }
}
