import { cp, mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectTag } from "../../core/engine/sessionPool";
import { Container } from "../container";
import { type ExitCode, exitCode } from "../exitCodes";
import { shellWord } from "../shellWord";
import { doProject } from "./do";

const project = "tour";
/** Every session of ours carries it. */
const ownTag = "wso";

/** A small project from beginning to end in a fresh folder: something to look at, and the record that it leaves. */
export async function takeTour(container: Container): Promise<ExitCode> {
  const { output, interrupts, globals, env } = container;
  const folder = await realpath(await mkdtemp(join(tmpdir(), "wsh-tour-")));
  await cp(join(__dirname, "..", "media", "tour"), folder, { recursive: true });
  const server = globals.server ?? (env.WSH_ORCHESTRATOR_SERVER === undefined || env.WSH_ORCHESTRATOR_SERVER === "" ? "builtin" : env.WSH_ORCHESTRATOR_SERVER);
  const own = new Container({ ...globals, dir: folder, server }, output, interrupts);
  try {
    await endEarlierTours(own);
    output.progress([{ text: `A little book is made in ${folder}.`, tone: "quiet" }]);
    const code = await doProject(own, project, { plan: join(folder, "plan.yaml") });
    if (!output.json && code === exitCode.done) sayWhatNext(own, folder);
    return code;
  } finally {
    own.close();
  }
}

/** Sessions of tours before this one stay open for a look; a new tour takes their place. Other servers' sessions are left alone. */
async function endEarlierTours(container: Container): Promise<void> {
  const { server, builtin } = await container.servers.forProject(undefined);
  if (!builtin) return;
  for (const session of await server.list([projectTag(project)])) {
    if (session.tags.includes(ownTag)) await server.kill(session.name);
  }
}

function sayWhatNext({ output, globals }: Container, folder: string): void {
  const at = `--dir ${shellWord(folder)}`;
  output.line();
  output.line(`The book is in ${join(folder, "book", "book.txt")}; how it came about stands in the record above.`);
  output.line(`Read the diary:        wsh-orchestrator log ${project} ${at}`);
  output.line(`Look into a session:   wsh-orchestrator pull reader::1 ${at}`);
  output.line(`Give it more to do:    wsh-orchestrator assign ${project} reader --run "cat book/book.txt" ${at}`);
  output.line(
    globals.server === undefined || globals.server === "builtin"
      ? "The sessions stay open; end them with their server: wsh-orchestrator wsh-server stop"
      : `The sessions stay open; end one with: wsh-orchestrator kill reader::1 ${at}`,
  );
  output.line("Start something of your own: wsh-orchestrator do demo --run \"make test\"");
}
