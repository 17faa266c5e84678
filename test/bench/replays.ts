import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../src/core/model/errors";
import type { SensedState } from "../../src/core/sense/terminalFacts";
import { type RecordedStream, recordedStreams } from "../support/recordedStream";
import { type ReplayedMoment, ReplayStage } from "../support/replayedSession";
import { said } from "../support/sensedTerminal";
import { serverKinds } from "../support/servers";

/** So many programs draw at once. A machine with other work needs fewer, or it tells of its own slowness. */
const atOnce = Number(process.env.BENCH_REPLAYS ?? 20);

/**
 * Replays recorded streams through the live sensor in sessions of the built-in server, at the speed of programs:
 * `npm run bench -- replays DIR…`, each `DIR/tool/name.{raw,json,txt}`. Prints for each recorded moment what was told on
 * the way and in the end, and which states on the way no sample knows: those are to be looked at.
 */
export async function benchReplays(report: (line: string) => void, folders: readonly string[]): Promise<void> {
  const streams = (folders.length === 0 ? ["test/fixtures/screens"] : folders)
    .flatMap((folder) => readdirSync(folder).map((tool) => join(folder, tool)))
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true)
    .flatMap((folder) => recordedStreams(folder))
    .sort((one, other) => one.bytes.length - other.bytes.length);
  const server = await serverKinds.find(({ isWsh }) => !isWsh)?.start();
  if (!server) throw new Error("There is no built-in server.");
  const client = server.client();
  const stage = await ReplayStage.open(client);
  const count = { same: 0, different: 0, between: 0, failed: 0, told: 0, minutes: 0 };
  const replay = async (stream: RecordedStream): Promise<void> => {
    let before: SensedState | undefined;
    await stage.replay(stream, (replayed) => {
      const isSame = replayed.difference === undefined;
      const between = betweenThese(replayed, before);
      count.same += isSame ? 1 : 0;
      count.different += isSame ? 0 : 1;
      count.between += between.length;
      count.told += replayed.told.length;
      count.minutes += replayed.drewMs / 60_000;
      before = replayed.end;
      const which = `${stream.tool}/${replayed.moment.name}${stream.isWhole ? "" : " (a part is cut out)"}`;
      report(`${isSame ? "same" : "DIFFERENT"} ${which} ${summary(replayed, between)}`);
    });
  };
  const worker = async (): Promise<void> => {
    for (let stream = streams.pop(); stream; stream = streams.pop()) {
      const { tool, moments } = stream;
      await replay(stream).catch((error: unknown) => {
        count.failed++;
        report(`FAILED ${tool}/${moments.at(-1)?.name ?? ""}: ${messageOf(error)}`);
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
  } finally {
    stage.close();
    client.close();
    await server.stop();
  }
  const moments = count.same + count.different;
  report(
    `${count.same} of ${moments} recorded moments are told as their samples are; ${count.failed} could not be tried`,
  );
  report(`${count.between} states in between that no sample knows`);
  const perMinute = (told: number): string => (told / count.minutes).toFixed(2);
  report(`${perMinute(count.told)} states told a minute of drawing; ${perMinute(moments)} samples`);
}

/** What was told on the way other than that the program works: neither what stood before it nor its end. */
function betweenThese({ told, end }: ReplayedMoment, before: SensedState | undefined): string[] {
  const known = [said(before), said(end), "working", "starting", "-"];
  const between = told.filter(({ state }) => !known.includes(said(state)));
  return between.map(
    ({ state }) => `${said(state)} by ${JSON.stringify(state?.evidence?.flatMap(({ lines }) => lines))}`,
  );
}

function summary({ told, difference, otherScreen, drewMs }: ReplayedMoment, between: readonly string[]): string {
  const way = told.map(({ ms, state }) => `${ms} ms ${said(state)} by ${state?.evidence?.[0]?.rule ?? "nothing"}`);
  const rows = otherScreen?.filter((line) => line !== "").slice(-8);
  return [
    `(${drewMs} ms): ${way.join("; ")}`,
    ...(between.length === 0 ? [] : [`BETWEEN ${between.join(", ")}`]),
    ...(difference === undefined ? [] : [`IS ${difference}`]),
    ...(rows ? [`ITS SCREEN IS ANOTHER ${JSON.stringify(rows)}`] : []),
  ].join("  ");
}
