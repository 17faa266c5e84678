import { extensions, l10n } from "vscode";
import type { PlanProblem } from "../../core/model/planError";
import type { PlanOutline } from "../../core/model/planOutline";
import { closestWord } from "../../core/model/suggestion";
import { mapOf } from "../../core/model/planData";

/** Those that VS Code has without any extension (`ProblemMatcherRegistry` of its task system). */
const ownMatchers = "msCompile lessCompile gulp-tsc jshint jshint-stylish eslint-compact eslint-stylish go".split(" ");
const mostNames = 12;

/** A name that VS Code does not know: its task finds nothing, and nobody says why. */
export interface UnknownMatcher extends Pick<PlanProblem, "mends"> {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** Names of problem matchers, without their `$`: VS Code's own and those of extensions that run beside this one. */
export function knownMatchers(): string[] {
  const brought = extensions.all.flatMap(({ packageJSON }) => {
    const listed = mapOf(mapOf(packageJSON)["contributes"])["problemMatchers"];
    return (Array.isArray(listed) ? listed : []).flatMap((each) => {
      const { name } = mapOf(each);
      return typeof name === "string" ? [name] : [];
    });
  });
  return [...new Set([...ownMatchers, ...brought.map(bare)])].sort();
}

export function unknownMatchers({ matchers }: Pick<PlanOutline, "matchers">): UnknownMatcher[] {
  if (matchers.length === 0) return [];
  const known = knownMatchers();
  return matchers
    .filter(({ name }) => !known.includes(bare(name)))
    .map(({ name, at: { start, end } }) => {
      const likely = closestWord(bare(name), known);
      return { start, end, message: sentence(`$${bare(name)}`, likely, known), ...mended(name, likely) };
    });
}

function sentence(name: string, likely: string | undefined, known: readonly string[]): string {
  if (likely !== undefined)
    return l10n.t("VS Code does not know the problem matcher {0}; did you mean {1}?", name, `$${likely}`);
  const names = known.slice(0, mostNames).map((each) => `$${each}`);
  return known.length > names.length
    ? l10n.t("VS Code does not know the problem matcher {0}; it knows {1} and others", name, names.join(", "))
    : l10n.t("VS Code does not know the problem matcher {0}; it knows {1}", name, names.join(", "));
}

function mended(wrong: string, likely: string | undefined): Pick<PlanProblem, "mends"> {
  return likely === undefined ? {} : { mends: [{ how: "replace", wrong, right: `$${likely}` }] };
}

function bare(name: string): string {
  return name.replace(/^\$/, "");
}
