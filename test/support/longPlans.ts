import { createHash } from "node:crypto";

/** A plan of so many tasks as people write them, of about 200 characters each. */
export function longPlan(tasks: number): string {
  const lines = Array.from({ length: tasks }, (_, index) => [
    `  - id: task-${index}`,
    `    role: ${index % 2 === 0 ? "builder" : "tester"}`,
    ...(index < 2 ? [] : [`    needs: [task-${index - 1}, task-${index - 2}]`]),
    "    run:",
    `      - npm run build -- --part ${index}`,
    `      - npm test -- --part ${index}`,
    `    check: test -f out/${createHash("sha1").update(String(index)).digest("hex").slice(0, 12)}`,
    "    timeout: 10m",
    "    retries: 2",
  ]);
  return `project: long\nroles:\n  builder: {}\n  tester:\n    cwd: sub\ntasks:\n${lines.flat().join("\n")}\n`;
}
