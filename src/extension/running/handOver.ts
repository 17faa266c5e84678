import { spawn } from "node:child_process";
import { requestHandOver } from "../../core/people/runnerRequests";
import { untilNotRunning } from "../../core/record/lease";
import { normalAddress } from "../../adapters/wsh/serverAddress";
import { messageOf } from "../../core/model/errors";
import { withoutKeptOut } from "../../core/session/keptOutVariables";
import type { HostWorld } from "../hostWorld";
import type { FollowedProject } from "../../viewing/workspaceRecords";
import { windowVariables } from "../windowEnvironment";
import type { WindowRun } from "./windowRuns";

/** A runner that is asked to hand over writes one entry and ends. */
const leaveMs = 10_000;

/**
 * Makes a process of its own that resumes a project once this window has left it. It is made before the
 * window says anything, because an extension host may be killed in the middle of its goodbye.
 */
export function runAfterwards(
  world: Pick<HostWorld, "settings" | "usedToken" | "program" | "logger">,
  run: Pick<WindowRun, "folder" | "name" | "server">,
): void {
  const { folder, name } = run;
  const { server, token } = serverAfterwards(world, run);
  const { quietAfterMs, asksWhenQuiet, sessionColumns } = world.settings(folder);
  spawn(
    process.execPath,
    [
      world.program("cli.js"),
      "do",
      "--detached",
      "--after-runner",
      `--dir=${folder}`,
      ...(server === undefined ? [] : [`--server=${server}`]),
      `--quiet-after=${quietAfterMs}ms`,
      `--session-columns=${sessionColumns}`,
      ...(asksWhenQuiet ? ["--ask-when-quiet"] : []),
      "--",
      name,
    ],
    {
      cwd: folder,
      detached: true,
      windowsHide: true,
      stdio: "ignore",
      // The program of a desktop's extension host is the editor itself.
      env: {
        ...withoutKeptOut(windowVariables(folder)),
        ELECTRON_RUN_AS_NODE: "1",
        ...(token === undefined ? {} : { WSH_TOKEN: token }),
      },
    },
  )
    .on("error", (error) => world.logger.warn(`${name} may not be running: ${messageOf(error)}`))
    .unref();
}

/** The server that the setting names, or the one of a run; a token goes only with the address that it is for. */
export function serverAfterwards(
  world: Pick<HostWorld, "settings" | "usedToken">,
  { folder, server: used }: Pick<WindowRun, "folder"> & Partial<Pick<WindowRun, "server">>,
): { readonly server: string | undefined; readonly token: string | undefined } {
  const { server: wanted } = world.settings(folder);
  if (wanted === "builtin") return { server: wanted, token: undefined };
  const address = wanted ?? (used?.builtin === true ? undefined : used?.address);
  const token = address === undefined ? undefined : world.usedToken(normalAddress(address) ?? "");
  // Without a setting and a token the project finds its server by itself.
  return { server: wanted ?? (token === undefined ? undefined : address), token };
}

/** Whether the project's runner is the one that a window left behind when it closed. */
export function wasHandedOver({ record, runner }: FollowedProject): boolean {
  const { lease, handedOver } = record.state;
  return lease !== undefined && runner.who === "other" && !runner.gone && handedOver === lease.generation - 1;
}

/** Asks that runner to hand over, and waits until it has. Throws what ended the wait. */
export async function takeBack({ actor, clock, processes }: HostWorld, { record }: FollowedProject): Promise<void> {
  await record.catchUp();
  const { lease } = record.state;
  if (lease) await requestHandOver(record, lease, actor, "window");
  await untilNotRunning(record, await processes, clock, actor, AbortSignal.timeout(leaveMs));
}
