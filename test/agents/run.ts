import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { type AgentName, agentPrograms } from "../support/model/agentPrograms";
import { installAgent } from "../support/model/installAgents";

/*
 * Installs the agents that AGENTS names (codex and claude), then runs their tests, where root may set that up without any
 * network but the machine's own loopback: nothing that an agent asks for gets out. Arguments go to the runner of the tests.
 */

const names = (process.env["AGENTS"] ??= "codex,claude").split(",") as AgentName[];
/** All of it, installs too; AGENTS_MINUTES says otherwise. */
const endMs = Number(process.env["AGENTS_MINUTES"] ?? 5 * names.length) * 60_000;
const begun = Date.now();

const loopbackOnly = ["unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];

function inLoopbackOnly(): readonly string[] {
  const [command = "", ...args] = loopbackOnly;
  const works =
    process.platform === "linux" &&
    process.getuid?.() === 0 &&
    spawnSync(command, [...args, "true"], { stdio: "ignore" }).status === 0;
  if (!works) console.log("The agents have this machine's network: a namespace of their own needs Linux and root.");
  return works ? loopbackOnly : [];
}

async function main(): Promise<number> {
  const unknown = names.filter((name) => !(name in agentPrograms));
  if (unknown.length > 0) throw new Error(`No such agent: ${unknown.join(", ")}`);
  for (const name of names) {
    const { missing } = await installAgent(
      agentPrograms[name]({ url: "", home: "", folder: "" }).package,
      Math.floor((endMs - (Date.now() - begun)) / 2),
    );
    if (missing !== undefined) console.log(`${name} is not tested: ${missing}`);
  }
  const rest = Object.keys(agentPrograms).filter((name) => !(names as string[]).includes(name));
  if (rest.length > 0) console.log(`Not asked for by AGENTS, and not tested: ${rest.join(", ")}`);
  const [command = "", ...args] = [
    ...inLoopbackOnly(),
    "npx",
    "vitest",
    "run",
    ...(process.argv.length > 2 ? process.argv.slice(2) : ["--project", "agents"]),
  ];
  const tests = spawn(command, args, { stdio: "inherit", detached: true });
  const late = setTimeout(
    () => {
      console.error(`The agents' tests did not end within ${endMs / 60_000} minutes.`);
      if (tests.pid !== undefined) process.kill(-tests.pid, "SIGKILL");
    },
    endMs - (Date.now() - begun),
  );
  return new Promise((resolve) =>
    tests.once("exit", (code, signal) => {
      clearTimeout(late);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    }),
  );
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
