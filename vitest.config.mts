import { defineConfig } from "vitest/config";

const reporters = ["default", "./test/support/plainReporter.ts"];

export default defineConfig({
  test: {
    reporters,
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 20_000, pool: "threads" } },
      {
        test: {
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          pool: "forks",
          maxWorkers: 2,
          // After the fast ones: these start servers and shells, and want the machine for themselves.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
