import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CliWorld } from "../support/cliWorld";
import { testWithShell } from "../support/shellTest";
import { until } from "../support/until";

const secret = "correct-horse-battery";
let world: CliWorld;
beforeAll(() => {
  world = new CliWorld();
});
afterAll(() => world.close());

/** Every byte of the project's folder that a person or program may read. */
const written = (project: string): string =>
  ["events-000001.jsonl", "sessions.json", "snapshot.json", "SNAPSHOT.md"]
    .map((file) => readFileSync(join(world.projectFolder(project), file), "utf8"))
    .join("\n");

/** The command that is typed has the words of the question too, and what is typed before the question is thrown away. */
async function asks(session: string, text: string): Promise<void> {
  await until("it asks", async () => (await world.run(["pull", session])).stdout.trimEnd().endsWith(`\n${text}`));
}

/** A command that asks for a secret, with a role of that shell; gives all that was printed and recorded. */
async function answered(
  project: string,
  shell: string,
  command: string,
  send: (session: string) => Promise<void>,
): Promise<string> {
  const plan = world.write(
    `${project}.yaml`,
    JSON.stringify({
      project,
      roles: { asker: { shell } },
      tasks: [{ id: "ask", role: "asker", run: command }],
    }),
  );
  const run = world.start(["do", project, "--plan", plan]);
  const session = `proj-${project}::asker::1`;
  await asks(session, "Secret?");
  await send(session);
  const { code, stdout, stderr } = await run.done;
  const log = await world.run(["log", project]);
  const status = await world.run(["status", project, "--json"]);
  expect({ code, got: written(project).includes(`got ${secret.length}`) }).toEqual({ code: 0, got: true });
  return [stdout, stderr, log.stdout, status.stdout, written(project)].join("\n");
}

const python = `python3 -c 'import getpass; print("got", len(getpass.getpass("Secret? ")))'`;

describe("what is typed where a program hides it", () => {
  for (const [where, shell, command] of [
    ["in bash", "bash", 'read -rsp "Secret? " x; echo got ${#x}'],
    ["in zsh", "zsh", 'read -s "x?Secret? "; echo got ${#x}'],
    ["by getpass", "bash", python],
  ] as const)
    testWithShell(shell, `is recorded nowhere ${where}`, async () => {
      const project = where.replace(/\W+/g, "-");
      const all = await answered(project, shell, command, async (session) => {
        expect(await world.run(["send", session, secret])).toMatchObject({ code: 0 });
      });
      expect(all).not.toContain(secret);
      expect(all).toContain("sent hidden input.");
      const keys = world.entries(project).filter(({ kind, typed_as }) => kind === "command" && typed_as === "keys");
      expect(keys.map(({ input }) => input)).toEqual([undefined]);
    });

  testWithShell("fish", "is recorded nowhere when it is said to be a secret, as for fish", async () => {
    const command = 'read -s -P "Secret? " x; echo got (string length -- $x)';
    const all = await answered("fishes", "fish", command, async (session) => {
      expect(await world.run(["send", session, "--secret"], { input: `${secret}\n` })).toMatchObject({ code: 0 });
    });
    expect(all).not.toContain(secret);
  });
});

describe("a secret", () => {
  it("is refused at a prompt, and as an argument", async () => {
    expect(await world.run(["do", "plain", "--role", "shell", "--run", "true"])).toMatchObject({ code: 0 });
    const session = "proj-plain::shell::1";
    const atPrompt = await world.run(["send", session, "--secret"], { input: secret });
    expect(atPrompt).toMatchObject({ code: 2, stderr: expect.stringContaining("at its prompt") as string });
    const argument = await world.run(["send", session, secret, "--secret"]);
    expect(argument).toMatchObject({ code: 2, stderr: expect.stringContaining("never an argument") as string });
    expect(written("plain")).not.toContain(secret);
  });
});
