import { homedir } from "node:os";
import { describe, expect, it, vi } from "vitest";
import { windowVariables, withSettings } from "../../../src/extension/windowEnvironment";

interface Scene {
  trusted: boolean;
  merged: Record<string, unknown>;
  users: Record<string, unknown>;
}
const { scene } = vi.hoisted((): { readonly scene: Scene } => ({ scene: { trusted: true, merged: {}, users: {} } }));
vi.mock("vscode", () => ({
  Uri: { file: (path: string) => path },
  workspace: {
    get isTrusted() {
      return scene.trusted;
    },
    getConfiguration: () => ({ get: () => scene.merged, inspect: () => ({ globalValue: scene.users }) }),
  },
}));

describe("what sessions of a window are given", () => {
  it("is the window's environment with the settings of the integrated terminal", () => {
    scene.trusted = true;
    scene.merged = { PATH: "/setting:${env:PATH}", GONE: null, NUMBER: 7 };
    expect(windowVariables("/site/api", { PATH: "/bin", GONE: "1", KEPT: "2" })).toEqual({
      PATH: "/setting:/bin",
      GONE: undefined,
      KEPT: "2",
    });
  });

  it("has nothing of the settings of a folder that is not trusted", () => {
    scene.trusted = false;
    scene.merged = { PATH: "/strangers", AWS_PROFILE: "strangers" };
    scene.users = { AWS_PROFILE: "mine" };
    expect(windowVariables("/site/api", { PATH: "/bin" })).toEqual({ PATH: "/bin", AWS_PROFILE: "mine" });
  });

  it("reads the variables of settings as a terminal does", () => {
    const settings = {
      A: "${workspaceFolder}/bin${pathSeparator}x",
      B: "${workspaceFolderBasename}",
      C: "${userHome}",
      D: "[${env:MISSING}]",
      E: "${file} $PATH ${unknown}",
    };
    expect(withSettings({}, settings, "/site/api")).toEqual({
      A: "/site/api/bin/x",
      B: "api",
      C: homedir(),
      D: "[]",
      E: "${file} $PATH ${unknown}",
    });
  });
});
