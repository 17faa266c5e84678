import { spawnSync } from "node:child_process";
import { it } from "vitest";
import { PtyShell, type PtyShellOptions } from "./ptyShell";

function installed(program: string): boolean {
  return spawnSync(program, ["-c", "exit 0"], { stdio: "ignore" }).status === 0;
}

/** A test with its own shell on a pseudoterminal; on a build server a missing shell is a failure, elsewhere it is named. */
export function shellTest(shell: string, name: string, body: (pty: PtyShell) => Promise<void>, options: PtyShellOptions = {}): void {
  if (!installed(shell) && !process.env["CI"]) {
    it.skip(`${name} [not run: ${shell} is not installed]`, () => undefined);
    return;
  }
  it(name, async () => {
    const pty = new PtyShell({ shell, ...options });
    try {
      await body(pty);
    } finally {
      await pty.dispose();
    }
  });
}
