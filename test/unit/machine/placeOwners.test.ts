import { describe, expect, it } from "vitest";
import { listenersIn, ownerOf } from "../../../src/adapters/machine/placeOwners";

/** As /proc/net/tcp has it. */
function line(local: string, uid: number, state = "0A"): string {
  return `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 32217 1 0000 100 0 0 10 0`;
}

const zeros = "0".repeat(32);

describe("who listens on a port of 127.0.0.1", () => {
  const owner = (...lines: string[]): string =>
    ownerOf(listenersIn(["sl local_address", ...lines].join("\n"), 8080, "LE"), 1000);

  it.each([
    ["nobody", []],
    ["nobody", [line("0100007F:1F91", 1000)]],
    ["nobody", [line("0100007F:1F90", 1000, "01")]],
    ["nobody", [line("0101A8C0:1F90", 1000)]],
    ["this_user", [line("0100007F:1F90", 1000)]],
    ["another_user", [line("0100007F:1F90", 0)]],
    ["this_user", [line("00000000:1F90", 1000)]],
    ["another_user", [line("00000000:1F90", 0)]],
    ["another_user", [line(`${zeros}:1F90`, 0)]],
    ["another_user", [line("0000000000000000FFFF00000100007F:1F90", 0)]],
    // The one on the very address gets the connection.
    ["another_user", [line("00000000:1F90", 1000), line("0100007F:1F90", 33)]],
    ["this_user", [line("0100007F:1F90", 1000), line(`${zeros}:1F90`, 0)]],
    ["another_user", [line("0100007F:1F90", 1000), line("0100007F:1F90", 33)]],
  ])("%s", (wanted, lines) => {
    expect(owner(...lines)).toBe(wanted);
  });

  it("reads the byte order of other machines", () => {
    expect(listenersIn(line("7F000001:1F90", 1000), 8080, "BE")).toEqual([{ uid: 1000, exact: true }]);
  });
});
