import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { hardCases, statesOf } from "../support/hardCases";

/** Draws all of its screen anew at each resize. */
const fullScreen = `
import os, signal, sys, time
def draw(*_):
    cols, rows = os.get_terminal_size()
    os.write(1, ("\\x1b[H\\x1b[2J" + "\\r\\n".join(["~" * cols] * rows)).encode())
signal.signal(signal.SIGWINCH, draw)
os.write(1, b"\\x1b[?1049h"); draw()
end = time.time() + 0.7
while time.time() < end: time.sleep(0.05)
os.write(1, b"\\x1b[?1049l"); sys.exit(4)
`;

/** So often within about a second, as a window that is dragged does. */
const resizes = 50;

hardCases("a session that is resized all the time", ({ test, project, shell }) => {
  for (const [what, command, code] of [
    ["a command", "sleep 0.7; sh -c 'exit 3'", 3],
    ["one command after the other", "true; sh -c 'exit 3'", 3],
    ["a full-screen program", "python3 screen.py", 4],
  ] as const)
    test(`tells how ${what} ended`, async () => {
      const run = await project();
      writeFileSync(join(run.workspace, "screen.py"), fullScreen);
      const storms: Promise<void>[] = [];
      const storm = async (wire: string): Promise<void> => {
        for (let count = 1; count <= resizes; count++) {
          await run.server.resize(wire, { rows: 10 + (count % 23), cols: 40 + ((count * 7) % 61) });
          await new Promise((resolve) => setTimeout(resolve, 15));
        }
      };
      const result = await run.run(
        `roles: { w: { shell: ${shell} } }
tasks:
  - { id: first, role: w, run: [echo one, echo two, echo three, "${command}"] }
  - { id: second, role: w, run: "echo do''ne" }`,
        {
          onEntry: ({ kind, wire_name, event }) => {
            if (kind === "session" && event === "starting" && wire_name !== undefined) wires.push(wire_name);
            if (kind === "command" && storms.length === 0) storms.push(storm(wires.at(-1) ?? ""));
          },
        },
      );
      await Promise.all(storms);
      const said = (await run.entries("result")).map(({ text, output }) => [text, output]);
      expect(statesOf(result), JSON.stringify(said)).toEqual({ first: "failed", second: "succeeded" });
      expect(result.tasks[0]?.exit_code).toBe(code);
      expect((await run.entries("result")).at(-1)).toMatchObject({ output: "done", exit_code: 0 });
      expect(await run.entries("blocked")).toEqual([]);
    });
  const wires: string[] = [];
});
