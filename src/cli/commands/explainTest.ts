import { stat } from "node:fs/promises";
import { ownSampleFolder } from "../../adapters/machine/ownSamples";
import { messageOf } from "../../core/model/errors";
import { plural } from "../../core/model/sentences";
import { judgedSample, type SampleVerdict } from "../../core/sense/sampleTest";
import type { RuleCatalog } from "../../core/sense/senseTerminal";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { readSample } from "../recordedScreen";
import { type FoundSample, samplesOf } from "./explainSamples";

type TestedSample = { readonly sample: string } & (
  (SampleVerdict & { readonly error?: undefined }) | { readonly error: string }
);

/**
 * Tries the user's own rules, with their examples, and all of the user's samples: what fails is said, with the rule that
 * decided and what it decided.
 */
export async function testRules(container: Container, catalog: RuleCatalog): Promise<ExitCode> {
  const { output, ownRules, env, redactor } = container;
  const files = (await ownRules.files()).map(({ file, examples, error }) => ({
    file,
    examples,
    ...(error ? { error: error.message } : {}),
  }));
  const samples: TestedSample[] = [];
  const folder = ownSampleFolder(env);
  for await (const found of (await isThere(folder)) ? samplesOf([folder]) : [])
    samples.push(await tested(found, catalog));
  const bad = samples.filter((each) => each.error !== undefined || !each.isRight);
  const badFiles = files.filter(({ error }) => error !== undefined);
  if (output.json) {
    output.document({
      rules: files,
      samples: samples.map((each) => ({ ...each, ...(lineOf(each) ? { line: redactor.redact(lineOf(each)) } : {}) })),
      passed: samples.length - bad.length,
      failed: bad.length + badFiles.length,
    });
    return bad.length + badFiles.length === 0 ? exitCode.done : exitCode.failed;
  }
  for (const { error } of badFiles) output.whole([{ text: "failed", tone: "bad" }, { text: `  ${error ?? ""}` }]);
  for (const each of bad)
    output.whole([{ text: "failed", tone: "bad" }, { text: `  ${failure(each, container, catalog)}` }]);
  const rules = plural(files.length - badFiles.length, "file");
  const right = `${plural(samples.length - bad.length, "sample")} as expected, ${rules} of rules in order`;
  output.line(bad.length + badFiles.length === 0 ? `${right}.` : `${right}; ${bad.length + badFiles.length} failed.`);
  if (samples.length === 0) output.progress([{ text: `There are no samples in ${folder}.`, tone: "quiet" }]);
  return bad.length + badFiles.length === 0 ? exitCode.done : exitCode.failed;
}

async function tested(found: FoundSample, catalog: RuleCatalog): Promise<TestedSample> {
  const { sample } = found;
  if (found.error !== undefined) return { sample, error: found.error };
  try {
    const { facts, sensed } = await readSample(sample, found.tool, catalog);
    return { sample, ...judgedSample(facts, sensed) };
  } catch (error) {
    return { sample, error: messageOf(error) };
  }
}

function lineOf(tried: TestedSample): string {
  return tried.error === undefined ? (tried.line ?? "") : "";
}

function failure(tried: TestedSample, { redactor }: Container, catalog: RuleCatalog): string {
  if (tried.error !== undefined) return `${tried.sample}: ${tried.error}`;
  const { sample, expected, found, rule } = tried;
  const own = rule === undefined ? undefined : catalog.writtenAt(rule);
  const where = own === undefined ? "" : ` (${own.file}:${own.line})`;
  const line = lineOf(tried);
  const by = rule === undefined ? "by no rule" : `by the rule ${rule}${where}`;
  return `${sample}: must be ${expected}, is ${found} ${by}${line === "" ? "" : `, in "${redactor.redact(line)}"`}`;
}

async function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
