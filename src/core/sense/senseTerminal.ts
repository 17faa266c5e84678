import { EventEmitter } from "../base/event";
import { PatternTooSlow } from "../model/linePattern";
import type { Confidence, StateEvidence, StateKind } from "../model/stateKinds";
import type { SessionState } from "../model/states";
import { shells } from "../model/shellNames";
import { type AskedPrompt, askedPrompt } from "./askedPrompt";
import { innerScreen } from "./innerScreen";
import { atLeftEdge } from "./leftEdge";
import type { CommonRules, ProgramRules, WrittenAt } from "./programRules";
import { type ProgramStatus, wholeStatus } from "./programStatus";
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
  readonly #changes = new EventEmitter<void>();
  /** Other rules are used from now on: what was seen may mean something else. */
  readonly onChange = this.#changes.event;

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
    this.#changes.fire();
  }

  /** Where a person wrote the rule of this name in evidence, `program/rule`; undefined for any other. */
  writtenAt(evidence: string): WrittenAt | undefined {
    const [program, rule] = evidence.split("/");
    const rules = this.#own.find((each) => each.program === program)?.rules;
    return rules?.find(({ name }) => name === rule)?.written;
  }

  /** What the terminal asks by the rule of this name in evidence, `program/rule`; undefined where it is no rule's. */
  askedBy(evidence: string, facts: TerminalFacts): AskedPrompt | undefined {
    const [name, ruleName] = evidence.split("/");
    const program = this.#programs.find((each) => each.program === name);
    const known = program && this.#asked.get(program);
    const rule = known?.rules.find((each) => each.name === ruleName);
    return rule && askedPrompt(facts, known?.regions ?? {}, rule, program?.role);
  }

  /**
   * Whether the rule of this name in evidence, `program/rule`, is one of a program that is known by its name, or the
   * program said it itself; other rules are of what any program may show.
   */
  isOfNamed(evidence: string): boolean {
    const name = evidence.split("/")[0] ?? "";
    const program = this.#programs.find((each) => each.program === name);
    return evidence === statusRule || (program !== undefined && program.known.commands.length > 0);
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

/** Evidence that is what a program said of itself. */
const statusRule = "osc7501";

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
  const inner = innerScreen(facts, (name) => catalog.named(name)?.role);
  if (inner) return sense(inner, catalog);
  const shellInFront = facts.foreground !== undefined && shells.has(processName(facts.foreground));
  const started = catalog.named(facts.started);
  const inFront = catalog.named(facts.foreground);
  if (started?.role === "agent" && shellInFront) return leftBehind(started, facts, catalog);
  // A status outlives its program where that was killed, and says nothing while another one has the screen.
  const away = shellInFront || (inFront !== undefined && hasOwnScreen(inFront));
  const status = away ? undefined : wholeStatus(facts.statuses ?? []);
  const named = inFront ?? (facts.foreground === undefined ? started : undefined);
  // Many agents run as `node`: then what they show tells which one it is.
  const seen = named === undefined || named.role === "repl" ? seenProgram(facts, catalog) : undefined;
  const agent = away ? undefined : agentOf([inFront, catalog.ofApp(status?.app), started, seen]);
  if (agent) return ofAgent(agent, facts, catalog, speaksFor(agent, status, catalog) ? status : undefined);
  const program = named ?? seen;
  const found = (program && ofProgram(program, facts, catalog)) ?? ofAnything(facts, catalog, program);
  const told = status && { ...fromStatus(status), ...nameOf(status, facts) };
  return strongerOf(found, told) ?? found;
}

/** An agent that starts one of these waits until it is left; what is on the screen is not the agent's. */
function hasOwnScreen({ role }: ProgramRules): boolean {
  return role === "editor" || role === "pager" || role === "monitor";
}

/** What another program said, or one that was there before, is not about the one in front. */
function speaksFor(agent: ProgramRules, status: ProgramStatus | undefined, catalog: RuleCatalog): boolean {
  const speaker = catalog.ofApp(status?.app);
  return status?.app === undefined || speaker === agent || (!speaker && !agent.known.apps);
}

function nameOf({ app }: ProgramStatus, { foreground }: TerminalFacts): Pick<Sensed, "program"> {
  const name = app ?? (foreground === undefined ? undefined : processName(foreground));
  return name === undefined ? {} : { program: { name } };
}

function agentOf(programs: readonly (ProgramRules | undefined)[]): ProgramRules | undefined {
  return programs.find((program) => program?.role === "agent");
}

function seenProgram(facts: TerminalFacts, catalog: RuleCatalog): ProgramRules | undefined {
  return catalog.programs.find(({ known: { screen, untitled }, regions }) => {
    if (screen !== undefined && allHold(screen, facts)) return true;
    return (
      facts.title === undefined && untitled !== undefined && allHold(untitled, facts, new ScreenRegions(facts, regions))
    );
  });
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

/** What an agent says of itself, and what it shows: a dialog that stands there is one, whatever was said before it. */
function ofAgent(
  agent: ProgramRules,
  facts: TerminalFacts,
  catalog: RuleCatalog,
  status: ProgramStatus | undefined,
): Sensed {
  const moved = atLeftEdge(facts);
  const onScreen = moved
    ? ((agent.fromLeftEdge ? undefined : ofProgram(agent, facts, catalog)) ?? ofProgram(agent, moved, catalog))
    : ofProgram(agent, facts, catalog);
  const told = status && {
    ...ofItsLogin(fromStatus(status), onScreen),
    program: onScreen?.program ?? { name: agent.program },
  };
  if (onScreen?.state === "waiting" && told?.state !== "waiting") return onScreen;
  return (
    strongerOf(onScreen, told) ?? {
      state: "unclear",
      ...inFrontOf(agent, facts, versionOf(agent, facts)),
      confidence: "low",
      evidence: [{ signal: "screen", rule: `${agent.program}/unknown_screen`, lines: lastLines(facts) }],
    }
  );
}

/** It shows no dialog but its composer: it asks nobody to log in, its last turn has ended because nobody is. */
function ofItsLogin(told: Sensed, onScreen: Sensed | undefined): Sensed {
  const isThere = onScreen !== undefined && atRest(onScreen) && onScreen.kind === undefined;
  return told.kind === "login" && isThere ? { ...told, state: "failed", kind: "auth" } : told;
}

/** What the screen of a program says; undefined where it says nothing. */
function ofProgram(program: ProgramRules, facts: TerminalFacts, catalog: RuleCatalog): Sensed | undefined {
  const match = catalog.match(program, facts);
  if (!match) return undefined;
  const version = versionOf(program, facts);
  return {
    state: match.rule.state,
    ...(match.rule.kind === undefined ? {} : { kind: match.rule.kind }),
    ...inFrontOf(program, facts, version),
    confidence: unlessNew(match.rule.confidence, program, version),
    evidence: match.evidence,
    ...(match.until === undefined ? {} : { until: match.until }),
  };
}

function versionOf({ version, regions }: ProgramRules, facts: TerminalFacts): string | undefined {
  return version && firstGroup(new ScreenRegions(facts, regions).of(version.in), version.matches);
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
function fromStatus({ state, kind, app, id, message }: ProgramStatus): Sensed {
  const line = [
    `state=${state}`,
    ...(app === undefined ? [] : [`app=${app}`]),
    ...(kind === undefined ? [] : [`kind=${kind}`]),
    ...(id === "" ? [] : [`id=${id}`]),
  ];
  const evidence: StateEvidence[] = [
    {
      signal: "program_status",
      rule: statusRule,
      lines: [line.join(" "), ...(message === undefined ? [] : [message])],
    },
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
    const found = ofProgram(rules, facts, catalog);
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
