import { createOwnSamples } from "../../adapters/machine/ownSamples";
import { ruleFolder } from "../../adapters/machine/ruleFiles";
import { correctState, type CorrectedState } from "../../core/acts/correctState";
import { namedState, stateText } from "../../core/model/namedState";
import { isWanted } from "../../core/model/wantedState";
import { shortSession } from "../../core/model/names";
import type { RuleCatalog } from "../../core/sense/senseTerminal";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { isRunning, runnerOf } from "../projectRunner";
import { findSession } from "../sessionLookup";
import { recordOf } from "../sessionRecord";

/** A person says which state the session truly is in: its screen becomes a sample, and its log says so. */
export async function explainWrong(
  container: Container,
  query: string,
  wanted: string,
  catalog: RuleCatalog,
): Promise<ExitCode> {
  const right = namedState(wanted);
  const { env, redactor, clock, output } = container;
  const found = await findSession(container, query);
  const { chosen, wire, name, recorded } = found;
  const record = recorded && (await recordOf(container, found));
  try {
    const corrected = await correctState(
      await container.acting(),
      {
        server: chosen.server,
        wire,
        name,
        right,
        ...(recorded && record
          ? {
              recorded: {
                record,
                context: recorded.context,
                isFollowed: isRunning(await runnerOf(container, record.state.lease)),
              },
            }
          : {}),
      },
      { samples: createOwnSamples(env), catalog, redactor, clock },
    );
    if (output.json) output.document(asDocument(corrected, name));
    else print(container, corrected, name, wanted);
  } finally {
    await record?.close();
  }
  return exitCode.done;
}

function asDocument({ sample, told, found, entry, closed, right }: CorrectedState, name: string): unknown {
  return {
    session: name,
    sample,
    expected: stateText(right),
    told: stateText(told),
    found: stateText(found),
    rule: found.evidence[0]?.rule ?? null,
    entry: entry ?? null,
    closed_question: closed?.id ?? null,
  };
}

/** What was done with it, and what may be done next. */
function print(
  { output, env }: Container,
  { sample, found, right, closed, entry }: CorrectedState,
  name: string,
  wanted: string,
): void {
  output.line(`Saved as a sample of ${stateText(right)}: ${sample}.txt`);
  if (closed) output.line(`The question of ${shortSession(name)} is closed.`);
  if (!entry) output.progress("The session belongs to no project here, so only the sample says so.");
  if (isWanted(right, found)) {
    output.progress("The rules find the right state on what was saved: the screen no longer shows what misled them.");
    return;
  }
  const rule = found.evidence[0]?.rule;
  output.progress(
    rule === undefined
      ? `No rule finds ${wanted} there yet.`
      : `The rule ${rule} decided. No rule finds ${wanted} there yet.`,
  );
  output.progress(
    `Write one in ${ruleFolder(env)} (see: wsh-orchestrator explain --help), and try it on all samples with:`,
  );
  output.progress("  wsh-orchestrator explain --test");
}
