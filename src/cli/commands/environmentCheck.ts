import { shortSession } from "../../core/model/names";
import { listed, plural } from "../../core/model/sentences";
import { hasEnded } from "../../core/model/states";
import { changedVariables } from "../../core/session/tellingVariables";
import type { Container } from "../container";
import { mending } from "../mending";
import { readProjects } from "../projects";
import type { Check } from "../../protocol/setupCheck";

const shown = 3;

/** Whether sessions of this workspace have another environment than this command: they keep what they started with. */
export async function environmentCheck(container: Container): Promise<Check> {
  const name = "environment";
  const own = await container.fingerprints();
  const projects = await readProjects(container, undefined).catch(() => []);
  const others = projects.flatMap(({ project, state }) =>
    [...state.sessions.values()].flatMap(({ session_name, environment, state: is }) => {
      const changed = hasEnded(is) ? [] : changedVariables(environment, own);
      return changed.length === 0 ? [] : [{ session_name, where: project.name, changed }];
    }),
  );
  const [first] = others;
  if (!first)
    return { name, status: "ok", text: "the same in all running sessions as here; new ones have it too", next: "" };
  const texts = others
    .slice(0, shown)
    .map(({ session_name, where, changed }) => `${shortSession(session_name)} of ${where}: ${listed(changed)}`);
  const more = others.length > shown ? `; and ${plural(others.length - shown, "more session")}` : "";
  return {
    name,
    status: "missing",
    text: `different in running sessions than here: ${texts.join("; ")}${more}`,
    ...mending({ kind: "renew_session", session: first.session_name }),
  };
}
