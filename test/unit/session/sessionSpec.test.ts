import { describe, expect, it } from "vitest";
import { noEnvironment } from "../../../src/core/session/callerEnvironment";
import { sessionSize } from "../../../src/core/session/sessionSize";
import { sessionSpec } from "../../../src/core/session/sessionSpec";

const made = {
  name: "proj-a::b::1",
  wire: "proj-a.b.1",
  key: "k1",
  cwd: "/site",
  size: sessionSize(undefined),
  gated: false,
};
const own = { variables: { PATH: "/usr/bin:/bin", HOME: "/home/ada" }, whole: true, fingerprints: {} };

function variables(env: Record<string, string>, environment: typeof own | typeof noEnvironment = own) {
  const project = { project_id: "a", workspaceTag: "ws-1", defaultShell: "bash", environment };
  return sessionSpec({ name: "b", count: 1, env }, made, project, { replacesEnvironment: true }).env;
}

describe("a role's variables", () => {
  it("extend what the session would have where they name themselves", () => {
    expect(variables({ PATH: "./node_modules/.bin:$PATH" })).toMatchObject({
      PATH: "./node_modules/.bin:/usr/bin:/bin",
    });
    expect(variables({ PATH: "${PATH}:/opt/tool" })).toMatchObject({ PATH: "/usr/bin:/bin:/opt/tool" });
    expect(variables({ FLAGS: "-x $FLAGS" })).toMatchObject({ FLAGS: "-x " });
  });

  it("are text otherwise", () => {
    const env = { PRICE: "5$", HOST: "$HOSTNAME", PS1: "\\u $ ", OTHER: "$PATH:$OTHERS", TWO: "$$" };
    expect(variables(env)).toMatchObject(env);
  });

  it("stay as they are where what they extend is not known", () => {
    expect(variables({ PATH: "/opt/x:$PATH" }, noEnvironment)).toMatchObject({ PATH: "/opt/x:$PATH" });
  });
});
