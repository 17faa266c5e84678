import { cp, mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { projectTag } from "../../core/session/sessionSpec";
import { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { shellWord } from "../../core/sense/shellWord";
import { doProject } from "./do";

const project = "tour";
/** Every session of ours carries it. */
const ownTag = "wso";

/** A small project from beginning to end in a fresh folder: something to look at, and the record that it leaves. */
export async function takeTour(container: Container): Promise<ExitCode> {
  const { output, interrupts, globals, env } = container;
  const folder = await realpath(await mkdtemp(join(tmpdir(), "wsh-tour-")));
  await cp(join(__dirname, "..", "media", "tour"), folder, { recursive: true });
  const server =
    globals.server ??
    (env.WSH_ORCHESTRATOR_SERVER === undefined || env.WSH_ORCHESTRATOR_SERVER === ""
      ? "builtin"
      : env.WSH_ORCHESTRATOR_SERVER);
  const own = new Container({ ...globals, dir: folder, server }, output, interrupts);
  try {
    await endEarlierTours(own);
    output.progress([{ text: `The tour makes a small book in ${folder}.`, tone: "quiet" }]);
    const code = await doProject(own, project, { plan: join(folder, "plan.yaml") });
    if (!output.json && code === exitCode.done) sayWhatNext(own, folder);
    return code;
  } finally {
    own.close();
  }
}

/**
 * Sessions of tours before this one stay open for a look; a new tour takes their place. Other servers' sessions are
 * left alone.
 */
async function endEarlierTours(container: Container): Promise<void> {
  const { server, builtin } = await container.servers.forProject(undefined);
  if (!builtin) return;
  for (const session of await server.list([projectTag(project)])) {
    if (session.tags.includes(ownTag)) await server.kill(session.name);
  }
}

function sayWhatNext({ output, globals }: Container, folder: string): void {
  const program = calledAs();
  const at = `--dir ${shellWord(folder)}`;
  const own = globals.server === undefined || globals.server === "builtin";
  output.line();
  output.line(`Read the book:    cat ${shellWord(join(folder, "book", "book.txt"))}`);
  output.line(`See the log:      ${program} log ${project} ${at}`);
  output.line(`See a session:    ${program} pull reader::1 ${at}`);
  output.line(`Add a task:       ${program} assign ${project} reader --run date ${at}`);
  output.line(
    own ? `End all sessions: ${program} wsh-server stop` : `End a session:    ${program} kill reader::1 ${at}`,
  );
  output.line(`Run your own:     ${program} do demo --run "make test"`);
}

/** How people called this program: by its name, or as a file of a checkout. */
function calledAs(): string {
  const path = process.argv[1] ?? "";
  if (basename(path).startsWith("wsh-orchestrator")) return "wsh-orchestrator";
  const near = relative(process.cwd(), path);
  return `node ${shellWord(near.startsWith("..") ? path : near)}`;
}
