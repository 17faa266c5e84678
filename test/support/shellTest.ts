import { spawnSync } from "node:child_process";
import { it } from "vitest";
import { PtyShell, type PtyShellOptions } from "./ptyShell";

function installed(program: string): boolean {
  return spawnSync(program, ["-c", "exit 0"], { stdio: "ignore" }).status === 0;
}

/** A test that needs a shell: where it is missing the test's name says so; on a build server that is a failure. */
export function testWithShell(shell: string, name: string, body: () => Promise<void>, timeoutMs?: number): void {
  if (installed(shell) || process.env["CI"]) it(name, body, timeoutMs);
  else it.skip(`${name} [not run: ${shell} is not installed]`, () => undefined);
}

/** As `testWithShell`, with that shell on a pseudoterminal of its own. */
export function shellTest(
  shell: string,
  name: string,
  body: (pty: PtyShell) => Promise<void>,
  options: PtyShellOptions = {},
): void {
  testWithShell(shell, name, async () => {
    const pty = new PtyShell({ shell, ...options });
    try {
      await body(pty);
    } finally {
      await pty.dispose();
    }
  });
}
