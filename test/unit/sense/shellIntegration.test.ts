import { describe, expect, it } from "vitest";
import { integratedSession } from "../../../src/core/sense/shellIntegration";

describe("integratedSession", () => {
  it("carries everything in the environment, and no path of this machine", () => {
    const { command, env } = integratedSession({ key: "abc123" });
    expect(command).toBe('eval "$WO_START"');
    expect(Object.keys(env).sort()).toEqual(["WO_BASH", "WO_FISH", "WO_K", "WO_START", "WO_ZSH"]);
    expect(env["WO_K"]).toBe("abc123");
    // What a template for shell text could leave behind.
    for (const text of Object.values(env)) expect(text).not.toMatch(/undefined|\\\{|\0/);
  });

  it("sends only the snippet of the shell that is asked for", () => {
    expect(Object.keys(integratedSession({ key: "k", shell: "/usr/bin/zsh" }).env)).toEqual([
      "WO_START",
      "WO_K",
      "WO_SHELL",
      "WO_ZSH",
    ]);
    expect(integratedSession({ key: "k", shell: "nu" }).env).not.toHaveProperty("WO_BASH");
  });

  it("refuses keys and shells that could be read as something else", () => {
    for (const options of [{ key: "" }, { key: "a;b" }, { key: "k", shell: "" }, { key: "k", shell: "a\nb" }]) {
      expect(() => integratedSession(options)).toThrow(expect.objectContaining({ code: "request_invalid" }));
    }
  });
});
