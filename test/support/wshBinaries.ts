import { delimiter } from "node:path";

/**
 * The programs of real wsh that WSH_BIN names, of one era or of several, separated as in PATH; none when it is not set.
 */
export function wshBinaries(): readonly string[] {
  return (process.env.WSH_BIN ?? "").split(delimiter).filter((path) => path !== "");
}
