import { defineConfig } from "vitest/config";

const reporters = ["default", "./test/support/plainReporter.ts"];

export default defineConfig({
  test: {
    reporters,
    globalSetup: ["test/support/ownTemporary.ts"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          testTimeout: 20_000,
          hookTimeout: 20_000,
          pool: "threads",
          // They wait for nobody, so every core has work.
          maxWorkers: "100%",
        },
      },
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
      {
        test: {
          name: "agents",
          include: ["test/agents/**/*.test.ts"],
          // An install of 200 MB may be part of it.
          testTimeout: 600_000,
          hookTimeout: 60_000,
          pool: "forks",
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "soak",
          include: ["test/soak/**/*.test.ts"],
          // Hours are for those who ask for them; a single round never takes longer.
          testTimeout: 3_600_000,
          hookTimeout: 120_000,
          pool: "forks",
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
