import { commentedPlan } from "../model/commentedPlan";
import type { Plan } from "../model/plan";
import { defaultBackoffMs, defaultMaxSessions } from "../model/planSchema";
import { brief, listed } from "../model/sentences";
import type { FoundWork } from "./foundWork";

/** Of the folder's file that has it. */
export interface PlacedWork extends FoundWork {
  readonly file: string;
  /** Why the policy would ask about what it does; undefined where it would not. */
  readonly asks?: string;
}

/** What `FoundWork` without a role of its own runs in: one after the other, in one session. */
const role = "shell";
const mostSessions = 64;
const commentLength = 160;

const lastingComment =
  "It keeps running, and its file names no port: the task is done only when it ends. Say when it is ready: until: { port: 3000 }";

/**
 * The text of a plan that runs what was picked of `all`: each is a task, after what it needs; what keeps running has a
 * role of its own. `clean` is applied to what the files say about it, before that becomes a comment.
 */
export function planOfWork(
  { project, goal }: { readonly project: string; readonly goal: string },
  all: readonly PlacedWork[],
  picked: readonly PlacedWork[],
  clean: (text: string) => string,
): string {
  const wanted = withWhatTheyBring(all, picked);
  const work = all.filter((each) => wanted.has(each) && each.command !== undefined);
  const ids = idsOf(work);
  const needs = needsOf(all, work);
  const roleOf = (each: PlacedWork): string =>
    each.keepsRunning || each.env !== undefined ? (ids.get(each) ?? role).replaceAll(".", "-").slice(0, 48) : role;
  const envs = new Map(work.map((each) => [roleOf(each), each.env ?? {}]));
  const roles = [...envs].map(([name, env]) => ({ name, env, count: 1 }));
  const tasks = work.map((each): Plan["tasks"][number] => ({
    id: ids.get(each) ?? "",
    role: roleOf(each),
    needs: (needs.get(each) ?? []).flatMap((need) => ids.get(need) ?? []),
    run: [each.command ?? ""],
    ...(each.keepsRunning && each.port !== undefined ? { until: { port: each.port } } : {}),
    retries: { attempts: 1, backoff_ms: defaultBackoffMs, not_on: [] },
    ...(each.cwd === undefined ? {} : { cwd: each.cwd }),
    ...(each.problems === undefined ? {} : { problems: each.problems }),
  }));
  const sessions = Math.min(mostSessions, Math.max(defaultMaxSessions, roles.length));
  const comments = new Map(work.map((each) => [ids.get(each) ?? "", commentsOf(each, all, clean)]));
  const files = listed([...new Set(work.map(({ file }) => file))]);
  const head = [`Made from ${files}: each task runs what is there. Change it as you like.`];
  return commentedPlan({ project, goal, max_sessions: sessions, roles, tasks }, { head, tasks: comments });
}

/** Tasks of VS Code are nothing without those that come before them. */
function withWhatTheyBring(all: readonly PlacedWork[], picked: readonly PlacedWork[]): ReadonlySet<PlacedWork> {
  const wanted = new Set(picked);
  for (const each of wanted) if (each.bringsNeeds === true) for (const need of neededBy(all, each)) wanted.add(need);
  return wanted;
}

function neededBy(all: readonly PlacedWork[], { file, needs }: PlacedWork): PlacedWork[] {
  return needs.flatMap((need) => all.find((each) => each.file === file && each.name === need) ?? []);
}

/** Without circles, which nothing could come out of; what has no command stands for what it brings together. */
function needsOf(all: readonly PlacedWork[], work: readonly PlacedWork[]): Map<PlacedWork, readonly PlacedWork[]> {
  const wanted = new Set(work);
  const known = new Map<PlacedWork, readonly PlacedWork[]>();
  const begun = new Set<PlacedWork>();
  const look = (each: PlacedWork): readonly PlacedWork[] => {
    const before = known.get(each);
    if (before || begun.has(each)) return before ?? [];
    begun.add(each);
    const found = neededBy(all, each).flatMap((need): readonly PlacedWork[] => {
      if (begun.has(need) && !known.has(need)) return [];
      const behind = look(need);
      return need.command === undefined ? behind : wanted.has(need) ? [need] : [];
    });
    const needs = [...new Set(found)];
    known.set(each, needs);
    return needs;
  };
  work.forEach(look);
  return known;
}

/** Ids as a plan has them; another one of that id gets a number. */
function idsOf(work: readonly PlacedWork[]): Map<PlacedWork, string> {
  const taken = new Set<string>();
  return new Map(
    work.map((each) => {
      const base =
        each.name
          .normalize("NFKD")
          .replace(/[^A-Za-z0-9_-]+/g, "-")
          .replace(/^[-_]+|-+$/g, "")
          .slice(0, 40) || "task";
      let id = base;
      for (let number = 2; taken.has(id.toLowerCase()); number++) id = `${base}-${number}`;
      taken.add(id.toLowerCase());
      return [each, id];
    }),
  );
}

function commentsOf(each: PlacedWork, all: readonly PlacedWork[], clean: (text: string) => string): string[] {
  const [first = "", ...more] = each.does.split("\n");
  const known = new Set(neededBy(all, each).map(({ name }) => name));
  const gone = each.bringsNeeds === true ? each.needs.filter((need) => !known.has(need)) : [];
  return [
    ...(first === "" || first === each.command ? [] : [`${first}${more.length === 0 ? "" : " …"}`]),
    ...(each.asks === undefined ? [] : [`Look at it first: ${each.asks}`]),
    ...(gone.length === 0 ? [] : [`It also needs ${listed(gone)}, which only VS Code can run.`]),
  ]
    .map((line) => brief(clean(line), commentLength))
    .concat(each.keepsRunning && each.port === undefined ? [lastingComment] : []);
}
