import { expect } from "vitest";
import { hardCases, resultsOf, statesOf } from "../support/hardCases";
import type { ProjectHarness } from "../support/projectHarness";

/** What the record says of a task, in its order: kind, event or outcome, attempt. */
async function story(project: ProjectHarness, id: string): Promise<string[]> {
  const entries = (await project.entries()).filter(
    (entry) => entry.task_id === id && (entry.kind === "task" || (entry.kind === "result" && entry.step !== undefined)),
  );
  return entries.map((entry) =>
    `${entry.kind} ${entry.event ?? `${entry.outcome} ${entry.exit_code}`} ${entry.attempt ?? ""}`.trim(),
  );
}

hardCases(
  "a retry",
  ({ isWsh, test, project }) => {
    const retries = "retries: { attempts: 3, backoff: 300ms, not_on: [2] }";

    test("follows each failure with its reason, after a pause that grows, and not after a code that is final", async () => {
      const run = await project();
      const result = await run.run(`roles: { w: { shell: bash }, o: { shell: bash } }
tasks:
  - { id: a, role: w, run: "echo x >> tries; sh -c 'exit '$(wc -l < tries)", ${retries} }
  - { id: b, role: o, run: ["true", "sh -c 'exit 3'"], ${retries} }`);
      expect(statesOf(result)).toEqual({ a: "failed", b: "failed" });
      expect(await story(run, "a")).toEqual([
        "task planned",
        "task started 1",
        "result exited 1 1",
        "task retrying 1",
        "task started 2",
        "result exited 2 2",
        "task failed 2",
      ]);
      const tries = [1, 2, 3].flatMap((attempt) => [
        `task started ${attempt}`,
        `result exited 0 ${attempt}`,
        `result exited 3 ${attempt}`,
        `task ${attempt < 3 ? "retrying" : "failed"} ${attempt}`,
      ]);
      expect(await story(run, "b")).toEqual(["task planned", ...tries]);
      const entries = (await run.entries("task")).filter((entry) => entry.task_id === "b");
      const pauses = entries.flatMap((entry, index) =>
        entry.event === "retrying" ? [Date.parse(entries[index + 1]?.ts ?? "") - Date.parse(entry.ts)] : [],
      );
      expect(pauses[0]).toBeGreaterThanOrEqual(290);
      expect(pauses[1]).toBeGreaterThanOrEqual(590);
      for (const entry of entries.filter((each) => each.event === "retrying"))
        expect(entry).toMatchObject({
          reason: "\"sh -c 'exit 3'\" ended with exit code 3",
          state: "ready",
          exit_code: 3,
        });
      expect((await run.entries("error")).map((entry) => entry.task_id).sort()).toEqual(["a", "b"]);
    });

    test("does not follow a stop, nor come in the pause before the next try", async () => {
      const run = await project();
      const stop = new AbortController();
      const result = await run.run(
        `roles: { w: { shell: bash } }\ntasks: [{ id: a, role: w, run: sh -c 'exit 3', retries: { attempts: 3, backoff: 60s } }]`,
        {
          signal: stop.signal,
          onEntry: (entry) => {
            if (entry.event === "retrying") stop.abort(new Error("stopped by the test"));
          },
        },
      );
      expect(result.status).toBe("stopped");
      expect((await story(run, "a")).filter((each) => each.includes("started"))).toEqual(["task started 1"]);
      const stopAgain = new AbortController();
      await run.run(
        `roles: { w: { shell: bash } }\ntasks: [{ id: b, role: w, run: "sh -c 'echo begun; exec sleep 60'", ${retries} }]`,
        {
          signal: stopAgain.signal,
          onEntry: (entry) => {
            if (entry.kind === "command" && entry.step === 0)
              setTimeout(() => stopAgain.abort(new Error("stopped by the test")), 300);
          },
        },
      );
      expect(await story(run, "b")).toEqual([
        "task planned",
        "task started 1",
        "result interrupted 130 1",
        "task cancelled 1",
      ]);
    });

    test("never follows an unknown outcome or a suspended program", async () => {
      const run = await project();
      const result = await run.run(`roles: { w: { shell: bash }, o: { shell: bash } }
tasks:
  - { id: gone, role: w, run: kill -9 $$, ${retries} }
  - { id: became, role: w, run: exec sh -c 'exit 9', retries: { attempts: 2, backoff: 10ms } }
  - { id: stopped, role: o, run: "sh -c 'kill -TSTP $$'", ${retries} }`);
      // Only a server that tells the code of a session that ends by itself makes `became` known, so only there is it
      // tried again.
      expect(statesOf(result)).toEqual({ gone: "unknown", became: isWsh ? "unknown" : "failed", stopped: "blocked" });
      const outcomes = async (id: string): Promise<string[]> =>
        resultsOf(await run.entries(), id).map((entry) => String(entry.outcome));
      expect(await outcomes("gone")).toEqual(["unknown"]);
      expect(await outcomes("became")).toEqual(isWsh ? ["unknown"] : ["session_ended", "session_ended"]);
      expect(await outcomes("stopped")).toEqual(["suspended"]);
    });
  },
  ["bash"],
);
