/**
 * Who did something, as people call them: `ada` for `human:ada`, the id of an agent, and this program's name for what
 * the engine does by itself. The `actor` of an entry keeps its form.
 */
export function actorName(actor: string): string {
  if (actor === "engine") return "wsh Orchestrator";
  return actor.replace(/^(?:human|agent):(?=.)/, "");
}
