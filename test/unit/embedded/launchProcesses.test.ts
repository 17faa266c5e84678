import { describe, expect, it } from "vitest";
import { serverOfArguments, serverOfLine } from "../../../src/embedded/launchProcesses";

const copies = "/Users/ada/Library/Application Support/wsh-orchestrator/server";
const program = `${copies}/0.1.0-0123456789ab/server.js`;
const runtime = "/var/folders/x y/T/wsh-orchestrator-501";
const socket = `${runtime}/server.sock`;
const launched = ["/usr/bin/node", program, "run", "--socket", socket, "--discovery", runtime, "--idle-exit"];

describe("a server among all processes", () => {
  it("is known by its arguments", () => {
    expect(serverOfArguments([...launched, "--keep-place", ""], copies)).toEqual({
      program,
      socket,
      runtime,
      returns: true,
    });
    expect(serverOfArguments(launched, copies)).toMatchObject({ returns: false });
  });

  it("is known by a line of ps, with blanks in its paths", () => {
    expect(serverOfLine(`  812 ${[...launched, "--keep-place"].join(" ")}`, copies)).toEqual({
      pid: 812,
      program,
      socket,
      runtime,
      returns: true,
    });
    expect(serverOfLine(`812 ${launched.join(" ")}`, copies)).toMatchObject({ pid: 812, returns: false });
  });

  it.each([
    ["another user's copy", launched.map((each) => each.replace("/Users/ada", "/Users/bob"))],
    ["a server in the foreground", ["node", program, "run", "--socket", socket]],
    ["an editor with that file", ["vi", program]],
    ["nothing", [""]],
  ])("is not %s", (_, args) => {
    expect(serverOfArguments(args, copies)).toBeUndefined();
    expect(serverOfLine(`812 ${args.join(" ")}`, copies)).toBeUndefined();
  });
});
