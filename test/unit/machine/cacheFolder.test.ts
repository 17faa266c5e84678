import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cacheFolder } from "../../../src/adapters/machine/cacheFolder";

describe("the folder for what can be made again", () => {
  it("is the system's usual place, or below the one that is set", () => {
    expect([
      cacheFolder({}, "linux"),
      cacheFolder({ XDG_CACHE_HOME: "/c" }, "linux"),
      cacheFolder({ XDG_CACHE_HOME: "/c" }, "darwin"),
      cacheFolder({ WSH_ORCHESTRATOR_RUNTIME_DIR: "/r", XDG_CACHE_HOME: "/c" }, "linux"),
      cacheFolder({}, "win32"),
    ]).toEqual([
      join(homedir(), ".cache/wsh-orchestrator"),
      "/c/wsh-orchestrator",
      join(homedir(), "Library/Caches/wsh-orchestrator"),
      "/r/cache",
      undefined,
    ]);
  });

  it("is never below the current folder", () => {
    expect(cacheFolder({ XDG_CACHE_HOME: "cache", WSH_ORCHESTRATOR_RUNTIME_DIR: "." }, "linux")).toBe(
      join(homedir(), ".cache/wsh-orchestrator"),
    );
  });
});
