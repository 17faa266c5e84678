import { describe, expect, it, vi } from "vitest";

const spawned: { readonly args: readonly string[]; readonly token: string | undefined }[] = [];
vi.mock("node:child_process", () => ({
  spawn: (_program: string, args: readonly string[], { env }: { env: Record<string, string | undefined> }) => {
    spawned.push({ args: args.filter((each) => each.startsWith("--server")), token: env.WSH_TOKEN });
    const child = { on: () => child, unref: () => child };
    return child;
  },
}));
vi.mock("vscode", () => ({}));
vi.mock("../../../src/extension/windowEnvironment", () => ({ windowVariables: () => ({ PATH: "/bin" }) }));
const { runAfterwards } = await import("../../../src/extension/running/handOver");

const remote = "http://remote.example:8080";
const tokens: Readonly<Record<string, string>> = { [remote]: "secret" };

/** What the process that takes a run over is given: the server, and the token. */
function given(setting: string | undefined, server: { address: string; builtin?: boolean } | undefined): unknown {
  const world = {
    settings: () => ({ server: setting }),
    usedToken: (address: string) => tokens[address],
    program: () => "cli.js",
    logger: { debug: () => undefined, warn: () => undefined },
  };
  const run = { folder: "/w", name: "alpha", server: server && { server_id: null, ...server } };
  runAfterwards(world as unknown as Parameters<typeof runAfterwards>[0], run);
  return spawned.pop();
}

describe("a run that a closing window hands over", () => {
  it("gets a token only with the address that it is for", () => {
    expect(given(undefined, { address: remote })).toEqual({ args: [`--server=${remote}`], token: "secret" });
    expect(given(`${remote}/`, undefined)).toEqual({ args: [`--server=${remote}/`], token: "secret" });
    for (const server of [{ address: "http://other.example" }, { address: remote, builtin: true }, undefined])
      expect(given(undefined, server)).toEqual({ args: [], token: undefined });
    expect(given("builtin", { address: remote })).toEqual({ args: ["--server=builtin"], token: undefined });
    expect(given("http://other.example", { address: remote })).toEqual({
      args: ["--server=http://other.example"],
      token: undefined,
    });
  });
});
