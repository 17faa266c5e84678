import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { agentMachine } from "../../adapters/machine/agentMachine";
import { runProgram } from "../../adapters/machine/runProgram";
import type { AgentProfile } from "../../core/model/agentProfile";
import { LinePattern, StepBudget } from "../../core/model/linePattern";
import type { Remedy } from "../../core/model/remedy";
import { listed } from "../../core/model/sentences";
import { startedWord } from "../../core/ports/agents";
import { agentCatalog } from "../../core/session/agentCatalog";
import type { Variables } from "../../core/session/keptOutVariables";
import type { OwnAgentFile } from "../../core/session/ownAgents";
import type { Container } from "../container";
import { asOrchestratorError } from "../failure";
import { mending } from "../mending";
import type { Check } from "../../protocol/setupCheck";

/** Agents that run on Node take three seconds to print their version where the machine is busy (measured). */
const versionMs = 15_000;
const stepsForVersion = 200_000;

/**
 * The coding agents that plans can name: which are there, as sessions find them, and whether they have credentials. No
 * model is asked. One that is not installed is no fault: it may be that no plan uses it.
 */
export async function agentChecks(container: Container): Promise<Check[]> {
  try {
    const files = await container.ownAgents.files();
    const own = new Map(files.flatMap(({ file, profile }) => (profile ? [[profile.name, file]] : [])));
    const agents = agentCatalog(files.flatMap(({ profile }) => (profile ? [profile] : [])));
    const variables = await container.variables();
    const checks = agents.names.map((name) => {
      const profile = agents.of(name);
      return profile ? [agentCheck(profile, variables, own.get(name) ?? null)] : [];
    });
    return [...files.flatMap(brokenFile), ...(await Promise.all(checks.flat()))];
  } catch (error) {
    const { message, remedy } = asOrchestratorError(error);
    return [{ name: "agents", status: "bad", text: message, ...mending(remedy) }];
  }
}

function brokenFile({ error }: OwnAgentFile): Check[] {
  return error ? [{ name: "agents", status: "bad", text: error.message, ...mending(error.remedy) }] : [];
}

async function agentCheck(profile: AgentProfile, variables: Variables, file: string | null): Promise<Check> {
  const name = `agent ${profile.name}`;
  const env = { ...variables, ...profile.env };
  const word = startedWord(profile.command);
  const path = word === undefined ? undefined : await agentMachine.programFile(word, env.PATH ?? "", process.cwd());
  const credentials = credentialsOf(profile, env);
  const agent = { name: profile.name, path: path ?? null, credentials, file };
  if (word === undefined)
    return {
      name,
      status: "ok",
      text: `${profile.title}: only a shell knows where its command is: ${profile.command}`,
      next: "",
      agent: { ...agent, version: null },
    };
  if (path === undefined)
    return {
      name,
      status: "ok",
      text: `${profile.title} is not installed (optional)`,
      next: `For plans that use it: ${profile.install === "" ? "install it, or correct its command." : profile.install}`,
      ...(profile.install === ""
        ? {}
        : { remedy: { kind: "install_agent", title: profile.title, install: profile.install } as const }),
      agent: { ...agent, version: null },
    };
  const version = await versionOf(profile, path, env);
  const found = `${profile.title}${version === undefined ? "" : ` ${version}`} at ${path}`;
  if (version === undefined)
    return {
      name,
      status: "missing",
      text: `${found}; it does not tell its version within ${versionMs / 1000} s`,
      ...mending({
        kind: "run_in_terminal",
        text: "Start it to see what it needs",
        command: profile.command,
      }),
      agent: { ...agent, version: null },
    };
  const has = credentials.length > 0;
  return {
    name,
    status: has ? "ok" : "missing",
    text: `${found}; ${has ? `credentials: ${listed(credentials)}` : "no credentials seen"}`,
    ...(has ? { next: "" } : mending(signIn(profile))),
    agent: { ...agent, version },
  };
}

function signIn({ title, command, credentials: { env } }: AgentProfile): Remedy {
  return { kind: "sign_in", title, command, variables: env };
}

/** Only that they are there; no value is read. */
function credentialsOf({ folder, credentials }: AgentProfile, env: Variables): string[] {
  const named = folder.variable === undefined ? undefined : env[folder.variable];
  const own = named === undefined || named === "" ? join(env.HOME ?? homedir(), folder.path) : named;
  const files = credentials.files.map((file) => join(own, file));
  return [...credentials.env.filter((each) => (env[each] ?? "") !== ""), ...files.filter((each) => existsSync(each))];
}

async function versionOf({ version }: AgentProfile, path: string, env: Variables): Promise<string | undefined> {
  const result = await runProgram(path, version.arguments, { timeoutMs: versionMs, env });
  if (result?.exit_code !== 0) return undefined;
  const pattern = new LinePattern(version.matches, new StepBudget(stepsForVersion));
  for (const line of result.stdout.split("\n")) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}
