import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { hardCases, statesOf } from "../support/hardCases";
import { runUntilDeath } from "../support/suddenDeath";
import { until } from "../support/until";

hardCases("a command behind a shell without marks whose runner is killed", ({ test, project, client }) => {
  for (const [what, check, state, code] of [
    ["is followed while it runs", "echo >> starts; touch begun; sleep 3; sh -c 'exit 4'", "failed", 4],
    ["has its status when it has succeeded meanwhile", "echo >> starts; touch begun", "succeeded", 0],
    ["has its status when it has failed meanwhile", "echo >> starts; touch begun; sh -c 'exit 5'", "failed", 5],
  ] as const)
    test(what, async () => {
      const run = await project();
      const yaml = `roles: { w: { shell: sh } }
tasks: [{ id: one, role: w, run: "echo one", check: "${check}", timeout: 30s }]`;
      await runUntilDeath(run, client(), yaml, {
        when: "after",
        call: (method, [, keys]) => method === "sendInput" && String(keys).includes("starts"),
      });
      await until("it has begun", () => existsSync(join(run.workspace, "begun")));
      const result = await run.run(yaml);
      expect(statesOf(result)).toEqual({ one: state });
      expect(result.tasks[0]?.exit_code).toBe(code);
      expect(readFileSync(join(run.workspace, "starts"), "utf8")).toBe("\n");
      const [last] = (await run.entries("result")).slice(-1);
      expect(last).toMatchObject({ outcome: "exited", exit_code: code, known_by: "sentinel" });
    });
});
