import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Check } from "../../src/protocol/setupCheck";
import { CliWorld } from "../support/cliWorld";

let world: CliWorld;
beforeEach(() => {
  world = new CliWorld();
});
afterEach(() => world.close());

const bin = (): string => join(world.root, "bin");

async function program(name: string, text: string): Promise<void> {
  await mkdir(bin(), { recursive: true });
  await writeFile(join(bin(), name), `#!/bin/sh\n${text}\n`);
  await chmod(join(bin(), name), 0o755);
}

async function agentFile(name: string, text: string): Promise<void> {
  const folder = join(world.root, "run/config/agents");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text);
}

/** No agent of this machine is on the PATH. */
const env = (more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string | undefined>> => ({
  PATH: `${bin()}:/usr/bin:/bin`,
  ...more,
});

async function agents(more?: Readonly<Record<string, string>>): Promise<{ code: number | null; checks: Check[] }> {
  const { code, stdout } = await world.run(["doctor", "--json"], { env: env(more) });
  const checks = (JSON.parse(stdout) as Check[]).filter(({ name }) => name.startsWith("agent"));
  return { code, checks };
}

const named = (checks: readonly Check[]): Record<string, Check> =>
  Object.fromEntries(checks.map((check) => [check.agent?.name ?? "", check]));

describe("doctor", () => {
  it("says which agents are there, their version, and that there are credentials, but never which", async () => {
    // It would be started for its version only, never to ask a model.
    await program("codex", `[ "$*" = --version ] || touch "${world.root}/asked"; echo codex-cli 9.8.7`);
    await program("claude", "echo '2.1.0 (Claude Code)'");
    await mkdir(join(world.root, "home/.claude"));
    await writeFile(join(world.root, "home/.claude/.credentials.json"), '{"secret": "swordfish"}');
    const { code, checks } = await agents({ OPENAI_API_KEY: "sk-swordfish" });
    expect(code).toBe(0);
    const found = named(checks);
    expect(found.codex).toMatchObject({
      status: "ok",
      agent: { path: join(bin(), "codex"), version: "9.8.7", credentials: ["OPENAI_API_KEY"], file: null },
    });
    expect(found.claude).toMatchObject({
      status: "ok",
      agent: { version: "2.1.0", credentials: [join(world.root, "home/.claude/.credentials.json")] },
    });
    expect(found.gemini).toMatchObject({
      status: "ok",
      text: "Gemini CLI is not installed (optional)",
      next: "For plans that use it: npm install -g @google/gemini-cli",
      agent: { path: null, version: null, credentials: [] },
    });
    expect(JSON.stringify(checks)).not.toContain("swordfish");
  });

  it("says what to do where no credentials are seen, or an agent does not answer", async () => {
    await program("codex", "echo codex-cli 9.8.7");
    await program("claude", "exit 3");
    const { code, checks } = await agents();
    expect(code).toBe(0);
    const found = named(checks);
    expect(found.codex).toMatchObject({ status: "missing" });
    expect(found.codex?.next).toMatch(/^Sign in with Codex in a terminal, or set OPENAI_API_KEY or CODEX_API_KEY\./);
    expect(found.claude).toMatchObject({ status: "missing", next: "Start it to see what it needs with: claude" });
  });

  it("lists agents of one's own, and what is wrong with one, with line and column", async () => {
    await program("codex", "echo codex-cli 9.8.7");
    await agentFile("mine.yaml", `name: mine\nextends: codex\ncommand: ${bin()}/codex\n`);
    await agentFile("broken.yaml", "name: broken\ncomand: x\n");
    const { code, checks } = await agents();
    expect(code).toBe(1);
    expect(checks.find(({ status }) => status === "bad")?.text).toMatch(
      /broken\.yaml is not used: line 2, column 1: unknown key "comand"; did you mean "command"\?$/,
    );
    expect(checks.find(({ agent }) => agent?.name === "mine")).toMatchObject({
      text: expect.stringContaining("Codex (mine) 9.8.7 at ") as string,
      agent: { file: join(world.root, "run/config/agents/mine.yaml") },
    });
  });

  it("takes no agent from a folder that is opened", async () => {
    for (const folder of [".orchestrator/agents", "agents", ".wsh-orchestrator/agents"]) {
      await mkdir(join(world.workspace, folder), { recursive: true });
      await writeFile(join(world.workspace, folder, "evil.yaml"), "name: evil\ncommand: touch evil\n");
    }
    expect((await agents()).checks.map(({ agent }) => agent?.name)).not.toContain("evil");
  });
});

describe("an agent that is not installed", () => {
  it("is told with how to install it, and leaves no shell that a prompt could be typed into", async () => {
    await writeFile(
      join(world.workspace, "plan.yaml"),
      "project: p\nroles: { coder: { agent: codex } }\ntasks: [{ id: one, role: coder, prompt: echo typed }]\n",
    );
    const { code, stdout } = await world.run(["do", "p", "--plan", "plan.yaml"], { env: env() });
    expect(code).not.toBe(0);
    expect(stdout.replaceAll(/\s+/gu, " ")).toContain(
      "Codex is not installed: coder::1 finds no program codex on its PATH. Install it with: npm install -g @openai/codex",
    );
    const { stdout: listed } = await world.run(["sessions", "p", "--json"], { env: env() });
    expect(JSON.parse(listed)).toMatchObject([{ state: "failed", state_kind: "start" }]);
  });

  it("is not hidden by a program that ends at once", async () => {
    await program("codex", "echo cannot start >&2; exit 9");
    await writeFile(
      join(world.workspace, "plan.yaml"),
      "project: p\nroles: { coder: { agent: codex } }\ntasks: [{ id: one, role: coder, prompt: echo typed }]\n",
    );
    const { code, stdout } = await world.run(["do", "p", "--plan", "plan.yaml"], { env: env() });
    expect(code).not.toBe(0);
    expect(stdout).toContain("cannot start");
    expect(stdout).not.toContain("\ntyped");
  });
});
