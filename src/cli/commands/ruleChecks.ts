import { ruleFolder } from "../../adapters/machine/ruleFiles";
import { plural } from "../../core/model/sentences";
import type { OwnRuleFile } from "../../core/sense/ownRules";
import type { Container } from "../container";
import { asOrchestratorError } from "../failure";
import { mending } from "../mending";
import type { Check } from "../../protocol/setupCheck";

/** The user's own rules for programs: a line for each file. */
export async function ruleChecks({ ownRules, env }: Container): Promise<Check[]> {
  const name = "own rules";
  try {
    const files = await ownRules.files();
    return files.length === 0
      ? [{ name, status: "ok", text: `none in ${ruleFolder(env)} (optional)`, next: "" }]
      : files.map((file) => ({ name, ...fileCheck(file) }));
  } catch (error) {
    const { message, remedy } = asOrchestratorError(error);
    return [{ name, status: "bad", text: message, ...mending(remedy) }];
  }
}

function fileCheck({ file, program, extends: adds, examples, error }: OwnRuleFile): Omit<Check, "name"> {
  if (error || !program)
    return { status: "bad", text: error?.message ?? file, ...(error ? mending(error.remedy) : { next: "" }) };
  const own = program.rules.filter(({ written }) => written !== undefined).length;
  const place = adds ? `${plural(own, "rule")} beside the shipped ones` : `${plural(own, "rule")}, and no shipped one`;
  const tried = examples === 0 ? "no examples" : `${plural(examples, "example")} as expected`;
  return { status: "ok", text: `${file}: ${program.program}, ${place}; ${tried}`, next: "" };
}
