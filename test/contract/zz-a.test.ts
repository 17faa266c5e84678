import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Journal } from "../../src/core/engine/journal";
import { answer } from "../../src/core/engine/escalations";
import { Lease } from "../../src/core/engine/lease";
import { silentLogger, systemClock } from "../support/systemClock";
import { ProjectHarness } from "../support/projectHarness";
import { type RunningServer, serverKinds } from "../support/servers";

const kind = serverKinds.find((each) => (process.env.ZZ_WSH ? each.isWsh : each.title.includes("Unix")))!;
let running: RunningServer;
let count = 0;
beforeAll(async () => { running = await kind.start(); });
afterAll(async () => { await running.stop(); });
const harness = (more: any = {}): Promise<ProjectHarness> => ProjectHarness.create(running.client(), { name: `zz-${process.pid}-${++count}`, ...more });
const limit = <T>(p: Promise<T>, ms: number): Promise<T | "HANG"> => Promise.race([p, new Promise<"HANG">((r) => setTimeout(() => r("HANG"), ms))]);
const show = (title: string, x: unknown): void => { console.log(`### ${title}: ${typeof x === "string" ? x : JSON.stringify(x)}`); };
const brief = (r: any): unknown => (r === "HANG" ? r : { status: r.status, tasks: r.tasks.map((t: any) => [t.id, t.state, t.exit_code, t.attempts].join(" ")), problem: r.problem?.message });
const log = async (p: ProjectHarness, kinds = ["task", "command", "result", "error", "blocked", "approval_needed", "session", "lease", "project"]): Promise<string> =>
  (await p.entries()).filter((e) => kinds.includes(e.kind)).map((e) => `${e.kind} ${e.n ?? ""} ${e.outcome ?? e.event ?? ""} ${e.exit_code ?? ""} ${e.known_by ?? ""} | ${e.text.slice(0, 140)} ${e.kind === "result" ? JSON.stringify((e.output ?? "").slice(-120)) : ""}`).join("\n   ");

describe.concurrent("zz-a", () => {
  it("1 lease race", async () => {
    const p = await harness();
    let both = 0;
    for (let i = 0; i < 10; i++) {
      const js = await Promise.all([0, 1].map(async () => { const j = new Journal(await p.ledger(), silentLogger); await j.open(); return j; }));
      const leases = await Promise.all(js.map((j, x) => Lease.claim(j, { host: "h", pid: 1000 + i * 10 + x, started_at: "x", isAlive: async () => false }, systemClock, `d${x}`)));
      await new Promise((r) => setTimeout(r, 500));
      if (leases.every((l) => l.held)) both++;
      for (const j of js) await j.close();
    }
    show("lease: both held of 10", both);
  }, 60000);

  it("2 late background output", async () => {
    const p = await harness();
    const r = await limit(p.run(`
roles: { w: { shell: bash }, o: { shell: bash } }
tasks:
  - { id: a, role: w, run: "(sleep 0.6; echo late) & true" }
  - { id: s, role: o, run: sleep 1.2 }
  - { id: b, role: w, needs: [a, s], run: echo hi }
`), 40000);
    show("late background", brief(r)); show("late background log", await log(p, ["blocked", "session", "result"]));
  }, 60000);

  it("3 rejected line with a printing job", async () => {
    const p = await harness();
    const stop = new AbortController();
    const run = p.run(`
roles: { w: { shell: bash } }
tasks:
  - { id: a, role: w, timeout: 4s, run: ["(for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40; do sleep 0.7; echo tick; done) & true", "echo ("] }
`, { signal: stop.signal });
    const r = await limit(run, 12000);
    show("tick rejected 12s", brief(r));
    stop.abort(new Error("stop"));
    show("tick rejected after abort +8s", brief(await limit(run, 8000)));
    show("tick log", await log(p, ["command", "result", "task"]));
  }, 90000);

  it("4 dash syntax error", async () => {
    const p = await harness();
    const stop = new AbortController();
    const run = p.run(`
roles: { w: { shell: dash } }
tasks:
  - { id: a, role: w, run: "echo (" }
`, { signal: stop.signal });
    show("dash syntax", brief(await limit(run, 15000)));
    stop.abort(new Error("stop"));
    show("dash after stop", brief(await limit(run, 15000)));
    show("dash log", await log(p, ["command", "result", "session"]));
  }, 90000);

  it("5 draft", async () => {
    const p = await harness();
    await p.run(`
roles: { w: { shell: bash } }
tasks:
  - { id: a, role: w, run: echo 1 }
`);
    const wire = (await p.entries("session")).find((e) => e.wire_name)!.wire_name!;
    const run = p.run(`
roles: { w: { shell: bash }, o: { shell: bash } }
tasks:
  - { id: a, role: w, run: sleep 0.2 }
  - { id: s, role: o, needs: [a], run: sleep 1 }
  - { id: b, role: w, needs: [s], run: echo b }
`, { onEntry: (e) => { if (e.kind === "task" && e.task_id === "s" && e.event === "started") void p.server.sendInput(wire, "my draft"); } });
    show("draft", brief(await limit(run, 40000)));
    show("draft log", await log(p, ["session", "blocked"]));
    show("draft live", (await p.server.list()).map((s) => s.name).filter((n) => n.startsWith(wire.slice(0, -4))));
  }, 90000);

  it("6 plain shell reuse", async () => {
    const p = await harness();
    for (let i = 0; i < 3; i++) show("plain run", brief(await limit(p.run(`
roles: { w: {} }
tasks:
  - { id: a${i}, role: w, run: echo ${i} }
`, { defaultShell: "sh" }), 60000)));
    const names = (await p.entries("session")).filter((e) => e.event === "created" || e.event === "reused").map((e) => `${e.event} ${e.session_name}`);
    show("plain sessions", names);
  }, 200000);

  it("7 cwd recreated", async () => {
    const p = await harness();
    await mkdir(join(p.workspace, "sub"));
    const r = await p.run(`
roles: { w: { shell: bash, cwd: sub }, o: { shell: bash } }
tasks:
  - { id: a, role: w, run: echo a }
  - { id: clean, role: o, needs: [a], run: "rm -rf sub && mkdir sub && echo hi > sub/f" }
  - { id: b, role: w, needs: [clean], run: cat f }
`);
    show("cwd", brief(r)); show("cwd log", await log(p, ["command", "result"]));
  }, 60000);

  it("8 answer at once", async () => {
    const p = await harness();
    let journal: any; let answered = 0;
    const run = p.run(`
roles: { w: { shell: bash }, o: { shell: bash } }
tasks:
  - { id: a, role: w, run: "test -e ok || { touch ok; false; }" }
  - { id: s, role: o, run: sleep 4 }
`, { waitForAnswers: true, info: (x: any) => { journal = x.world.journal; }, onEntry: (e) => { if (e.kind === "error" && !answered++) void answer(journal, e.id, "retry", "human:x"); } });
    show("instant answer", brief(await limit(run, 20000)));
    show("instant answer log", await log(p, ["task", "answer", "error"]));
  }, 60000);

  it("9 odd texts", async () => {
    for (const text of ['" "', '"\\u0001"', '"#"', `"${"x".repeat(3_000_000)}"`, `"echo ${"x".repeat(900_000)}"`, "'true\n'"]) {
      const p = await harness();
      try {
        const r = await limit(p.run(`
roles: { w: { shell: bash } }
tasks:
  - { id: a, role: w, run: ${text} }
`), 25000);
        show(`odd ${text.slice(0, 10)} ${text.length}`, brief(r));
      } catch (e: any) { show(`odd ${text.slice(0, 10)} ${text.length} THROWS`, String(e.code) + " " + e.message.slice(0, 200)); show("odd log", await log(p, ["command", "result", "task"]).then((t) => t.slice(0, 600))); }
    }
  }, 200000);

  it("10 shell exits just before", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const p = await harness();
      const real = p.server as any;
      const server = new Proxy(real, { get: (t, k) => k === "sendInput" ? async (name: string, data: any, s: any) => { if (String(data).includes("echo typed")) await t.sendInput(name, "\x04"); return t.sendInput(name, data, s); } : typeof t[k] === "function" ? t[k].bind(t) : t[k] });
      (p as any).server = server;
      const r = await limit(p.run(`
roles: { w: { shell: ${shell} } }
tasks:
  - { id: a, role: w, run: "echo typed > typed.txt" }
`), 30000);
      show(`ctrl-d ${shell}`, brief(r)); show("ctrl-d log", await log(p, ["command", "result"]));
      show("ctrl-d file", await readFile(join(p.workspace, "typed.txt"), "utf8").catch(() => "NOT RUN"));
    }
  }, 120000);

  it("13 exit 0 then next task", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const bad: unknown[] = [];
      for (let i = 0; i < 4; i++) {
        const p = await harness();
        const r: any = await limit(p.run(`
roles: { w: { shell: ${shell} } }
tasks:
  - { id: a, role: w, run: exit 0 }
  - { id: b, role: w, run: "echo b" }
`), 30000);
        if (r === "HANG" || r.status !== "done") { bad.push(brief(r)); bad.push(await log(p, ["result", "session", "error"])); }
      }
      show(`exit ${shell}`, bad);
    }
  }, 200000);
});
