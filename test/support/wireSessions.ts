import { execFileSync } from "node:child_process";
import type { JsonMessage, RawHttp } from "./rawHttp";
import { until } from "./until";

let counter = 0;

/** A name that no other row uses. */
export const freshName = (hint = "s"): string => `${hint}${process.pid}-${counter++}`;

/** A shell that shows `$ ` and nothing else; resolves when the prompt is there. */
export async function shellSession(http: RawHttp, extra: JsonMessage = {}): Promise<string> {
  const name = freshName("sh");
  const created = await http.post("/sessions", {
    name,
    command: "exec bash --norc --noprofile -i",
    env: { PS1: "$ ", TERM: "xterm-256color" },
    ...extra,
  });
  if (created.status !== 201) throw new Error(created.text);
  await until("the prompt is there", async () => (await plainRows(http, name)).some((row) => row === "$"));
  return name;
}

/** A session that waits for Enter before it does something, so that a socket can be opened first. */
export async function gatedSession(http: RawHttp, script: string): Promise<string> {
  const name = freshName("gate");
  const created = await http.post("/sessions", { name, command: `stty -echo; printf 'ga''te'; read -r _; ${script}` });
  if (created.status !== 201) throw new Error(created.text);
  await until("the gate is there", async () => (await plainRows(http, name)).includes("gate"));
  return name;
}

export async function plainRows(http: RawHttp, name: string): Promise<string[]> {
  const { json } = await http.get(`/sessions/${name}/screen?format=plain`);
  return (json as { lines?: string[] }).lines ?? [];
}

export async function untilRow(http: RawHttp, name: string, text: string): Promise<void> {
  await until(`the screen of ${name} has the row ${text}`, async () => (await plainRows(http, name)).includes(text));
}

export async function untilGone(http: RawHttp, name: string): Promise<void> {
  await until(`${name} is gone`, async () => (await http.get(`/sessions/${name}`)).status === 404);
}

/** Whether a process is there; one that only waits for its parent to look does not count. */
export function isAlive(pid: number): boolean {
  try {
    return !execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).startsWith("Z");
  } catch {
    return false;
  }
}

/** Pids of a process's children. */
export function childrenOf(pid: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm=,stat="], { encoding: "utf8" });
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, program, state]) => Number(parent) === pid && program !== "ps" && state !== "Z")
    .map(([own]) => Number(own));
}

/** Pids of everything that runs below a process. */
export function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}
