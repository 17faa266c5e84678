import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends a run with one plain line, so that any CI can count what ran; a skipped test in CI fails the run unless it says
 * which program it needs.
 */
export default class PlainReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0;
    let failed = 0;
    const skipped: string[] = [];
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === "passed") passed++;
        else if (state === "failed") failed++;
        else skipped.push(test.fullName);
      }
    }
    const silent = skipped.filter((name) => !/\[not run: .+\]/.test(name));
    if (process.env.CI && silent.length > 0) {
      console.log(`Skipped without a reason:\n  ${silent.join("\n  ")}`);
      process.exitCode = 1;
    }
    const reasons = new Map<string, number>();
    for (const name of skipped) {
      const reason = /\[not run: (.+?)\]/.exec(name)?.[1] ?? "no reason given";
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    for (const [reason, count] of reasons) console.log(`not run (${count}): ${reason}`);
    console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  }
}
