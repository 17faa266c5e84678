import type { ServerCapabilities } from "../../core/ports/sessions";

/** What a server cannot do, and what that means for people; empty when it can do everything. */
export function lacksSentence(capabilities: ServerCapabilities): string {
  const lacks = [
    capabilities.resize ? "" : "resize terminals, so after a crash you may be asked whether a command succeeded",
    capabilities.tags ? "" : "tag sessions, so a session is recognized by its process only",
    capabilities.restarts ? "" : "report that it restarted, which is noticed only by its lost sessions",
    capabilities.wholeOutput ? "" : "keep all output when more than 200 kB arrive at once",
    capabilities.replacesEnvironment === true
      ? ""
      : "take all of its own variables out of a session: exported functions of bash, and variables whose names are none for a shell, stay",
    capabilities.exitCodes ? "" : "report the exit code of a session that ends by itself",
  ].filter((each) => each !== "");
  return lacks.length === 0 ? "" : `This server cannot ${lacks.join("; it cannot ")}.`;
}
