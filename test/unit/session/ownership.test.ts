import { describe, expect, it } from "vitest";
import { isOurs, ownershipTag } from "../../../src/core/session/ownership";
import type { SessionContext } from "../../../src/core/model/session";
import type { SessionInfo } from "../../../src/core/ports/sessions";
const recorded: SessionContext = {
  session_name: "proj-m::shell::1",
  project_id: "m",
  agent_id: null,
  role: "shell",
  state: "idle",
  next_action: "",
  last_signal: "",
  updated_at: "2026-11-23T02:40:12.345Z",
  wire_name: "proj-m.shell.1",
  server_id: "one",
  pid: 77,
  k: "0123456789abcdef",
};
const live: SessionInfo = {
  name: "proj-m.shell.1",
  pid: 77,
  command: "bash",
  rows: 24,
  cols: 80,
  clients: 0,
  tags: [ownershipTag("0123456789abcdef")],
  last_activity_ms: 1,
  server: null,
};
const server = (tags: boolean, server_id = "one"): Parameters<typeof isOurs>[2] => ({
  server_id,
  capabilities: { resize: true, tags, exitCodes: true, wholeOutput: true, restarts: true },
});

describe("a living session is ours", () => {
  it.each([
    ["with the tag of our key", {}, {}, server(true), true],
    [
      "not with another key's tag, although name and process fit",
      {},
      { tags: [ownershipTag("fedcba9876543210")] },
      server(true),
      false,
    ],
    ["not without a tag", {}, { tags: [] }, server(true), false],
    ["not on a server that was started anew", {}, {}, server(true, "two"), false],
    ["not once it has ended by the record", { state: "exited" }, {}, server(true), false],
    ["not once it is lost by the record", { state: "lost" }, {}, server(true), false],
    ["not under another name", {}, { name: "proj-m.shell.2" }, server(true), false],
    ["not when the record has no key", { k: undefined }, {}, server(true), false],
    ["where servers keep no tags, as the same process", {}, { tags: [] }, server(false), true],
    ["where servers keep no tags, not as another process", {}, { tags: [], pid: 78 }, server(false), false],
    [
      "where servers keep no tags, not when no process was recorded",
      { pid: undefined },
      { tags: [] },
      server(false),
      false,
    ],
  ] as [string, Partial<SessionContext>, Partial<SessionInfo>, Parameters<typeof isOurs>[2], boolean][])(
    "%s",
    (_, context, info, where, expected) => {
      expect(isOurs({ ...recorded, ...context }, { ...live, ...info }, where)).toBe(expected);
    },
  );
});
