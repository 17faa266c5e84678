import { killRunners } from "../runnerKills";
import type { AgentName } from "./agentPrograms";
import { AgentWorld } from "./agentWorld";
import { type MarkedText, promptTexts } from "./promptTexts";

/** What became of prompts, by the model's own count. */
export interface DeliveryFigures {
  readonly asked: number;
  /** Once, all of it. */
  readonly taken: number;
  /** The project asks about them, as stalled or otherwise unknown. */
  readonly stalled: number;
  /** Not tried, because an earlier one is asked about. */
  readonly left: number;
  readonly double: readonly string[];
  /** The record says that it was taken, and it was not, or not all of it. */
  readonly wrong: readonly string[];
  readonly kills: number;
  /** What the project asked. */
  readonly questions: readonly string[];
  /** Milliseconds from the moment in which the agent was seen to be ready until the model heard the prompt. */
  readonly readyToTaken: readonly number[];
}

export interface DeliveryCampaign {
  readonly name: AgentName;
  readonly count: number;
  readonly random: () => number;
  /** The process that runs the project is killed after a random while, in milliseconds, again and again. */
  readonly kills?: { readonly least: number; readonly most: number };
}

/** So many prompts need each other in a row: one that is asked about keeps only the rest of its row from being tried. */
const row = 10;

/** One plan that gives an agent so many prompts, one after the other, each a task of its own. */
export async function deliver({ name, count, random, kills }: DeliveryCampaign): Promise<DeliveryFigures> {
  const texts = promptTexts(count, random);
  const world = await AgentWorld.open([name], [{ steps: [{ say: "It is done." }] }]);
  try {
    const plan = {
      project: "live",
      roles: { coder: { agent: { use: name, mode: "ask" } } },
      tasks: texts.map(({ text }, index) => ({
        id: `t${index}`,
        role: "coder",
        ...(index % row > 0 && { needs: [`t${index - 1}`] }),
        prompt: text,
      })),
    };
    let killed = 0;
    if (kills) {
      const file = world.write("live.yaml", JSON.stringify(plan));
      const whileMs = (): number => kills.least + random() * (kills.most - kills.least);
      killed = (await killRunners(world, ["do", "live", "--plan", file], {}, whileMs)).kills;
    } else {
      await world.begin(plan);
      await world.ended("live", count * 60_000);
    }
    return figuresOf(world, texts, killed);
  } finally {
    await world.run(["stop", "live"]);
    await world.close();
  }
}

function figuresOf(world: AgentWorld, texts: readonly MarkedText[], kills: number): DeliveryFigures {
  const entries = world.entries("live");
  const heard = new Map(texts.map((each) => [each.mark, heardOf(world, each)]));
  const stateOf = (index: number): unknown =>
    entries.findLast(({ kind, task_id, state }) => kind === "task" && task_id === `t${index}` && state !== undefined)
      ?.state;
  const told = texts.map((each, index) => ({ ...each, state: stateOf(index), ...heard.get(each.mark) }));
  const say = ({ mark, kind, state, times, whole }: (typeof told)[number]): string =>
    `${mark} (${kind}): ${String(state)}, heard ${times} times${whole === true ? "" : ", not whole"}`;
  const succeeded = told.filter(({ state }) => state === "succeeded");
  return {
    asked: texts.length,
    taken: succeeded.filter(({ times, whole }) => times === 1 && whole).length,
    stalled: told.filter(({ state }) => state === "unknown" || state === "failed" || state === "blocked").length,
    left: told.filter(({ state }) => state === "pending" || state === "ready" || state === undefined).length,
    double: told.filter(({ times = 0 }) => times > 1).map(say),
    wrong: succeeded.filter(({ times, whole }) => times !== 1 || !whole).map(say),
    kills,
    questions: entries.filter(({ human_attention_needed }) => human_attention_needed === true).map(({ text }) => text),
    readyToTaken: texts.flatMap(({ mark }, index) => {
      const intent = entries.find(({ kind, task_id }) => kind === "command" && task_id === `t${index}`);
      const at = heard.get(mark)?.at;
      return intent === undefined || at === undefined ? [] : [at - Date.parse(intent.ts)];
    }),
  };
}

interface Heard {
  readonly times: number;
  readonly whole: boolean;
  /** When the model first heard it; Unix time in milliseconds. */
  readonly at: number | undefined;
}

/** A conversation is told again with each request: what counts is the one in which the text stands most often. */
function heardOf(world: AgentWorld, { mark, text }: MarkedText): Heard {
  const said = world.model.requests.map((request) => ({
    at: request.at,
    texts: request.said.filter((each) => each.includes(mark)),
  }));
  const most = said.reduce((longest, each) => (each.texts.length > longest.texts.length ? each : longest), {
    at: 0,
    texts: [] as string[],
  });
  return {
    times: most.texts.length,
    whole: most.texts.some((each) => spaces(each).includes(spaces(text))),
    at: said.find(({ texts }) => texts.length > 0)?.at,
  };
}

/** Agents tidy blanks at the ends of lines. */
function spaces(text: string): string {
  return text
    .replaceAll(/[^\S\n]+/gu, " ")
    .replaceAll(/ ?\n ?/gu, "\n")
    .trim();
}

/** The value that so many of the numbers do not exceed; `share` from 0 to 1. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** The figures on one line that a person can read. */
export function sayDeliveries(name: string, figures: DeliveryFigures): string {
  const { asked, taken, stalled, left, double, wrong, kills, readyToTaken } = figures;
  const ms = (share: number): string => `${Math.round(percentile(readyToTaken, share))} ms`;
  return `${name}: of ${asked} prompts ${taken} taken, ${stalled} stalled, ${double.length} double, ${wrong.length} wrong, ${left} not tried; ${kills} kills; ready to taken p50 ${ms(0.5)}, p95 ${ms(0.95)}`;
}
