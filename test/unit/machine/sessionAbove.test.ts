import { describe, expect, it } from "vitest";
import { sessionAbove } from "../../../src/adapters/machine/sessionAbove";

const above = (command: string, environment = "") => [
  { pid: 30, environment: "", command: "node /opt/wsh-orchestrator answer 1 run" },
  { pid: 20, environment, command },
];

describe("the session above a process", () => {
  it("is told by the environment of one above, whatever its own says", () => {
    const inside = above("bash", "A=1\0WSH_ORCHESTRATOR_SESSION=proj-a::b::1\0");
    expect(sessionAbove({ WSH_ORCHESTRATOR_SESSION: "" }, undefined, inside)).toBe("proj-a::b::1");
    expect(sessionAbove({}, undefined, above("bash"))).toBeUndefined();
  });

  it.each([
    "/usr/bin/node /d/server/1/server.js run --socket /r/s.sock --discovery /r --idle-exit --keep-place",
    "node /usr/bin/wsh-orchestrator wsh-server run --socket /tmp/s",
    "/usr/bin/node --no-warnings /opt/cli.js --dir /w wsh-server run",
  ])("is below a server with a runtime folder elsewhere: %s", (command) => {
    expect(sessionAbove({}, undefined, above(command))).toBe("of this terminal");
  });

  it.each(["sh -c wsh-orchestrator wsh-server start", "vim server.js run", "node build.js run", "bash"])(
    "is not taken for one: %s",
    (command) => {
      expect(sessionAbove({}, undefined, above(command))).toBeUndefined();
      expect(sessionAbove({}, 20, above(command))).toBe("of this terminal");
    },
  );
});
