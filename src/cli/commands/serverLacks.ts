import type { ServerCapabilities } from "../../core/ports/sessions";

/** What a server cannot do, and what that means for people; empty when it can do everything. */
export function lacksSentence(capabilities: ServerCapabilities): string {
  const lacks = [
    capabilities.resize ? "" : "resize terminals, so after a crash you are asked what became of a command",
    capabilities.tags ? "" : "tag sessions, so they are known by their process alone",
    capabilities.restarts ? "" : "say that it was started anew, which shows in its sessions alone",
    capabilities.wholeOutput ? "" : "keep up with more than 200 kB of output at once",
    capabilities.exitCodes ? "" : "tell the exit code of a session that ended by itself",
  ].filter((each) => each !== "");
  return lacks.length === 0 ? "" : `It cannot ${lacks.join("; ")}.`;
}
