import { PatternTooSlow } from "../model/linePattern";
import type { Confidence, StateEvidence, StateKind } from "../model/stateKinds";
import type { SessionState } from "../model/states";
import { shells } from "../model/shellNames";
import type { CommonRules, ProgramRules, WrittenAt } from "./programRules";
import type { ProgramStatus } from "./programStatus";
import { allHold, firstGroup, inOrder, matchRules } from "./ruleMatch";
import { bareLine, ScreenRegions } from "./screenRegions";
import type { Sensed, TerminalFacts } from "./terminalFacts";

/** Rules of all programs, ready to be asked. A person's own may change while they are. */
export class RuleCatalog {
  readonly #shipped: readonly ProgramRules[];
  #programs: readonly ProgramRules[] = [];
  readonly #asked = new Map<ProgramRules, CommonRules>();
  readonly #byCommand = new Map<string, ProgramRules>();
  readonly #byApp = new Map<string, ProgramRules>();
  #own: readonly ProgramRules[] = [];
  #onTooSlow: (program: ProgramRules, error: PatternTooSlow) => void = () => undefined;

  /** Where two know the same program, the first is heard. `anyAgent`: what agents show whose own rules know nothing of it. */
  constructor(
    programs: readonly ProgramRules[],
    readonly anyAgent: CommonRules,
  ) {
    this.#shipped = programs;
    this.useOwn([]);
  }

  get programs(): readonly ProgramRules[] {
    return this.#programs;
  }

  /** The rules that come with the product, whatever a person's own say of the same programs. */
  get shipped(): readonly ProgramRules[] {
    return this.#shipped;
  }

  /**
   * A person's own rules, in place of those that were used until now. One for a program that is shipped takes its place.
   * `onTooSlow`: rules whose patterns take too long are not used any more.
   */
  useOwn(own: readonly ProgramRules[], onTooSlow = this.#onTooSlow): void {
    this.#own = own;
    this.#onTooSlow = onTooSlow;
    const byName = new Map(own.map((program) => [program.program, program]));
    const shipped = new Set(this.#shipped.map(({ program }) => program));
    this.#programs = [
      ...own.filter(({ program }) => !shipped.has(program)),
      ...this.#shipped.map((program) => byName.get(program.program) ?? program),
    ];
    this.#asked.clear();
    this.#byCommand.clear();
    this.#byApp.clear();
    // Whatever its place is, it knows better than what is shipped who has this name.
    for (const program of [...own, ...this.#programs]) {
      if (this.#asked.has(program)) continue;
      const common = program.role === "agent" ? this.anyAgent : undefined;
      this.#asked.set(program, {
        regions: { ...common?.regions, ...program.regions },
        rules: inOrder([...program.rules, ...(common?.rules ?? [])]),
      });
      for (const name of [program.program, ...program.known.commands])
        if (!this.#byCommand.has(name)) this.#byCommand.set(name, program);
      for (const app of program.known.apps ?? []) if (!this.#byApp.has(app)) this.#byApp.set(app, program);
    }
  }

  /** Where a person wrote the rule of this name in evidence, `program/rule`; undefined for any other. */
  writtenAt(evidence: string): WrittenAt | undefined {
    const [program, rule] = evidence.split("/");
    const rules = this.#own.find((each) => each.program === program)?.rules;
    return rules?.find(({ name }) => name === rule)?.written;
  }

  /** Another screen is looked at. */
  beginLook(): void {
    for (const { own } of this.#own) own?.budget.refill();
  }

  /** Leaves out the rules whose patterns took too long. Throws the error again where they are nobody's here. */
  leaveOut(error: PatternTooSlow): void {
    const slow = this.#own.find(({ own }) => own?.budget === error.budget);
    if (!slow) throw error;
    this.useOwn(this.#own.filter((program) => program !== slow));
    this.#onTooSlow(slow, error);
  }

  /** The program of this name of a process, a path or not. */
  named(command: string | undefined): ProgramRules | undefined {
    return command === undefined ? undefined : this.#byCommand.get(processName(command));
  }

  /** The program that calls itself so in OSC 7501. */
  ofApp(app: string | undefined): ProgramRules | undefined {
    return app === undefined ? undefined : this.#byApp.get(app);
  }

  /** What the program's own rules say, and among them what every agent shows. */
  match(program: ProgramRules, facts: TerminalFacts): ReturnType<typeof matchRules> {
    const { regions, rules } = this.#asked.get(program) ?? program;
    return matchRules({ ...program, regions }, rules, facts);
  }
}

function processName(command: string): string {
  return (command.split(/[\\/]/).at(-1) ?? command).replace(/^-/, "").replace(/\.exe$/i, "");
}

/**
 * What a terminal does, from what is known of it at this moment alone. Strength of evidence decides, not its source. A
 * person's own rules that take too long are left out of the catalog from then on.
 */
export function senseTerminal(facts: TerminalFacts, catalog: RuleCatalog): Sensed {
  for (;;) {
    catalog.beginLook();
    try {
      return sense(facts, catalog);
    } catch (error) {
      if (!(error instanceof PatternTooSlow)) throw error;
      catalog.leaveOut(error);
    }
  }
}

function sense(facts: TerminalFacts, catalog: RuleCatalog): Sensed {
  if (facts.ended) return ended(facts.ended.exit_code);
  const shellInFront = facts.foreground !== undefined && shells.has(processName(facts.foreground));
  const started = catalog.named(facts.started);
  const root = facts.statuses?.find(({ id }) => id === "");
  const inFront = catalog.named(facts.foreground);
  // A status outlives its program where that was killed; and an agent that opened an editor is not what one looks at.
  const looksAtText = inFront?.role === "editor" || inFront?.role === "pager";
  const agent = shellInFront || looksAtText ? undefined : agentOf([inFront, catalog.ofApp(root?.app), started]);
  if (started?.role === "agent" && shellInFront) return leftBehind(started, facts, catalog);
  const program =
    agent ?? inFront ?? (facts.foreground === undefined ? started : undefined) ?? seenProgram(facts, catalog);
  const found = program && ofProgram(program, facts, catalog, agent ? root : undefined);
  return found ?? ofAnything(facts, catalog, program);
}

function agentOf(programs: readonly (ProgramRules | undefined)[]): ProgramRules | undefined {
  return programs.find((program) => program?.role === "agent");
}

function seenProgram(facts: TerminalFacts, catalog: RuleCatalog): ProgramRules | undefined {
  return catalog.programs.find(({ known: { screen } }) => screen !== undefined && allHold(screen, facts));
}

function ended(code: number | null): Sensed {
  const line = code === null ? "ended" : `exit code ${code}`;
  return { state: "exited", confidence: "high", evidence: [{ signal: "exit", rule: "exit", lines: [line] }] };
}

/** The shell from which an agent was started is in front again. */
function leftBehind(agent: ProgramRules, facts: TerminalFacts, catalog: RuleCatalog): Sensed {
  const { evidence } = ofAnything(facts, catalog, catalog.named(facts.foreground));
  return {
    state: "exited",
    program: { name: agent.program },
    confidence: "high",
    evidence: [{ signal: "foreground", rule: "shell_in_front", lines: [facts.foreground ?? ""] }, ...evidence],
  };
}

/** What a program and its screen say; undefined where they say nothing of a program that is no agent. */
function ofProgram(
  program: ProgramRules,
  facts: TerminalFacts,
  catalog: RuleCatalog,
  status: ProgramStatus | undefined,
): Sensed | undefined {
  const regions = new ScreenRegions(facts, program.regions);
  const version = program.version && firstGroup(regions.of(program.version.in), program.version.matches);
  const name = inFrontOf(program, facts, version);
  const match = catalog.match(program, facts);
  const onScreen: Sensed | undefined = match && {
    state: match.rule.state,
    ...(match.rule.kind === undefined ? {} : { kind: match.rule.kind }),
    ...name,
    confidence: unlessNew(match.rule.confidence, program, version),
    evidence: match.evidence,
    ...(match.until === undefined ? {} : { until: match.until }),
  };
  const told = status && { ...fromStatus(status), ...name };
  const stronger = strongerOf(onScreen, told);
  if (stronger || program.role !== "agent") return stronger;
  return {
    state: "unclear",
    ...name,
    confidence: "low",
    evidence: [{ signal: "screen", rule: `${program.program}/unknown_screen`, lines: lastLines(facts) }],
  };
}

/** One file may hold the rules of several programs: what is in front has its own name. An agent may run under any. */
function inFrontOf(
  { program, role, known }: ProgramRules,
  { foreground, running, started }: TerminalFacts,
  version?: string,
): Pick<Sensed, "program"> {
  if (role === "agent") return { program: { name: program, ...(version === undefined ? {} : { version }) } };
  const inFront = foreground ?? (running ? started : undefined);
  if (inFront !== undefined) return { program: { name: processName(inFront) } };
  return known.commands.includes(program) ? { program: { name: program } } : {};
}

/** A version that nobody recorded may look like another one and mean something else. */
function unlessNew(confidence: Confidence, { recorded }: ProgramRules, version: string | undefined): Confidence {
  return confidence === "high" && version !== undefined && !recorded.includes(version) ? "medium" : confidence;
}

const strength: Readonly<Record<Confidence, number>> = { high: 3, medium: 2, low: 1 };

/** A live dialog on the screen before anything that was said; what is said in order before a weaker look. */
function strongerOf(onScreen: Sensed | undefined, told: Sensed | undefined): Sensed | undefined {
  if (!onScreen || !told) return onScreen ?? told;
  const agreeing =
    onScreen.state === told.state || (atRest(onScreen) && atRest(told)) || (gaveUp(onScreen) && gaveUp(told));
  const first = agreeing
    ? // The screen says more: which kind of failure, until when.
      told.state === "done_unseen" || (onScreen.kind === undefined && told.kind !== undefined)
      ? told
      : onScreen
    : strength[onScreen.confidence] >= strength[told.confidence] && !atRest(onScreen)
      ? onScreen
      : told;
  const other = first === onScreen ? told : onScreen;
  return { ...first, evidence: agreeing ? [...first.evidence, ...other.evidence] : first.evidence };
}

function atRest({ state }: Sensed): boolean {
  return state === "idle" || state === "done_unseen";
}

function gaveUp({ state }: Sensed): boolean {
  return state === "failed" || state === "limited";
}

/** A program speaks only of itself: it may say that it is done, never that it ended. */
function fromStatus({ state, kind, app, message }: ProgramStatus): Sensed {
  const line = [
    `state=${state}`,
    ...(app === undefined ? [] : [`app=${app}`]),
    ...(kind === undefined ? [] : [`kind=${kind}`]),
  ];
  const evidence: StateEvidence[] = [
    { signal: "program_status", rule: "osc7501", lines: [line.join(" "), ...(message === undefined ? [] : [message])] },
  ];
  const [found, more] = statusMeaning(state, kind);
  return { state: found, ...(more === undefined ? {} : { kind: more }), confidence: "high", evidence };
}

function statusMeaning(state: ProgramStatus["state"], kind: ProgramStatus["kind"]): [SessionState, StateKind?] {
  switch (state) {
    case "idle":
      return ["idle"];
    case "working":
      return ["working"];
    case "done":
      return ["done_unseen"];
    case "error":
      return ["failed"];
    case "blocked":
      return ["waiting", kind === "auth" ? "login" : (kind ?? "question")];
  }
}

/** What is left to say of a terminal whose program nobody knows, or knows nothing of. */
function ofAnything(facts: TerminalFacts, catalog: RuleCatalog, program: ProgramRules | undefined): Sensed {
  for (const rules of catalog.programs) {
    if (rules.role === "agent" || rules.known.commands.length > 0) continue;
    const found = ofProgram(rules, facts, catalog, undefined);
    if (found) return found;
  }
  return {
    state: "unclear",
    ...(program ? inFrontOf(program, facts) : {}),
    confidence: "low",
    evidence: [{ signal: "screen", rule: "unknown_screen", lines: lastLines(facts) }],
  };
}

function lastLines({ lines }: TerminalFacts): string[] {
  return lines
    .map(bareLine)
    .filter((line) => line !== "")
    .slice(-3);
}
