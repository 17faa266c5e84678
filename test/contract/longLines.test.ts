import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { briefly, resultsOf, statesOf, yamlText } from "../support/hardCases";
import { ProjectHarness } from "../support/projectHarness";
import { type RunningServer, serverKinds } from "../support/servers";
import { testWithShell } from "../support/shellTest";

/** A terminal in line mode takes 4095 bytes of a line here and throws the rest away. */
const long = "žab ".repeat(3000);

describe.each(serverKinds.filter((kind) => !kind.title.includes("TCP")))(
  "text beyond the terminal's line limit on $title",
  ({ start, missing }) => {
    let running: RunningServer;
    let count = 0;

    beforeAll(async () => {
      if (missing === undefined) running = await start();
    });
    afterAll(async () => {
      if (missing === undefined) await running.stop();
    });

    const project = (): Promise<ProjectHarness> => ProjectHarness.create(running.client(), { name: `long-${++count}` });
    const test = missing === undefined ? it : it.skip;
    const written = (run: ProjectHarness): Promise<string> => readFile(join(run.workspace, "out"), "utf8");

    for (const [text, command] of [
      ["one line", `printf %s '${long}' > out`],
      ["many lines", `printf %s '${long}' > out\ntrue '\t!'\necho`],
    ] as const) {
      test(`${text}, whole, in a shell without line editing`, async () => {
        const run = await project();
        const result = await run.run(
          `roles: { w: { shell: sh } }\ntasks: [{ id: a, role: w, run: ${yamlText(command)} }]`,
        );
        expect(statesOf(result)).toEqual({ a: "succeeded" });
        expect(resultsOf(await run.entries(), "a").map(briefly)).toEqual(["exited 0 sentinel"]);
        expect(await written(run)).toBe(long);
      });
    }

    test("100 kB, whole, in a shell without line editing", async () => {
      const run = await project();
      const result = await run.run(
        `roles: { w: { shell: sh } }\ntasks: [{ id: a, role: w, run: ${yamlText(`printf %s '${"y".repeat(100_000)}' > out`)} }]`,
      );
      expect(statesOf(result)).toEqual({ a: "succeeded" });
      expect(await written(run)).toHaveLength(100_000);
    });

    test("is refused where a program reads lines, and nothing of it is typed", async () => {
      const run = await project();
      const result = await run.run(
        `roles: { w: { program: sh -c "echo type; exec cat > out" } }\ntasks: [{ id: a, role: w, run: ${yamlText(long)} }]`,
      );
      expect(statesOf(result)).toEqual({ a: "failed" });
      expect((await run.entries("error"))[0]?.text).toMatch(/A line of 15000 bytes is too long/);
      expect(await run.entries("command")).toEqual([]);
      expect(await written(run)).toBe("");
    });

    test("is typed where a program reads keys", async () => {
      const run = await project();
      const program = yamlText(
        String.raw`sh -c 'printf "> "; read -r first; stty raw -echo; printf "\033[?2004h> "; exec head -c 15001 > out'`,
      );
      // What a program says before anybody listens is not heard: it says that it reads keys after the first line. Quiet
      // ends that task.
      await run.run(
        `roles: { w: { program: ${program} } }\ntasks:\n  - { id: a, role: w, run: hi }\n  - { id: b, role: w, needs: [a], run: ${yamlText(long)} }`,
      );
      expect((await run.entries("command")).map((entry) => entry.typed_as)).toEqual(["keys", "keys"]);
      expect(await written(run)).toBe(`${long}\r`);
    });

    const inFish = "fish without our integration takes it whole too";
    if (missing !== undefined) it.skip(`${inFish} [not run: ${missing}]`, () => undefined);
    else
      testWithShell("fish", inFish, async () => {
        const run = await project();
        await writeFile(join(run.workspace, ".bashrc"), "exec fish\n");
        const result = await run.run(
          `roles: { w: { shell: bash, env: { HOME: ${run.workspace} } } }\ntasks: [{ id: a, role: w, run: ${yamlText(`printf %s "${"it's ".repeat(600)}" > out`)} }]`,
        );
        expect(statesOf(result)).toEqual({ a: "succeeded" });
        expect(await written(run)).toBe("it's ".repeat(600));
      });
  },
);
