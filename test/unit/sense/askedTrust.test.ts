import { expect, test } from "vitest";
import type { Screen } from "../../../src/core/ports/sessions";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { senseOnce } from "../../../src/core/session/sensedTerminal";
import { sessionLook, shownFinding } from "../../../src/protocol/stateLook";

function seen(lines: string[], started?: string): ReturnType<typeof senseOnce> {
  const row = lines.length - 1;
  const cursor = { row, col: lines[row]?.length ?? 0, visible: true };
  const screen: Screen = { lines, cursor, rows: 24, cols: 80, total_lines: 24, alternate_active: false };
  return senseOnce(screen, { running: true, ...(started === undefined ? {} : { started }) }, shippedCatalog);
}

const hostKey = [
  "The authenticity of host '[127.0.0.1]:2222 ([127.0.0.1]:2222)' can't be established.",
  "ED25519 key fingerprint is SHA256:Vb1kxq8dQm8nJrGQk2Y0h2bYvVt7w9bq3y4m3mX0x1A.",
  "This key is not known by any other names.",
  "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
];

test.each([["ssh"], ["scp"], ["sftp"], ["git"], [undefined]])(
  "a host that is not known is asked about as a host, by what %s starts, too",
  (started) => {
    const found = seen(hostKey, started);
    expect([found.state, found.kind, found.why]).toEqual([
      "waiting",
      "trust",
      expect.stringContaining("asks whether to trust the host."),
    ]);
    expect(sessionLook(shownFinding(found)).word).toBe("asks to trust the host");
  },
);

test("a folder is asked about as a folder", () => {
  const lines = [
    "Do you trust the files in this folder?",
    "",
    "❯ 1. Yes, proceed",
    "  2. No, exit",
    "",
    "Enter to confirm · Esc to cancel",
  ];
  const found = seen(lines, "gemini");
  expect([found.kind, found.why]).toEqual(["trust", expect.stringContaining("asks whether to trust the folder.")]);
  expect(sessionLook(shownFinding(found)).word).toBe("asks to trust the folder");
});
