import { spawn } from "node:child_process";
import { requestHandOver } from "../../core/people/driverRequests";
import { ProjectRecord } from "../../core/record/projectRecord";
import { untilUndriven } from "../../core/record/lease";
import { messageOf } from "../../core/model/errors";
import { cleanEnvironment } from "../../embedded/launchEnvironment";
import type { HostWorld } from "../hostWorld";
import type { FollowedProject } from "../records/workspaceRecords";
import type { Drive } from "./hostDrivers";

/** A driver that is asked to hand over writes one entry and ends. */
const leaveMs = 10_000;

/**
 * Makes a process of its own that goes on with a project once this window drives it no longer. It is made before the
 * window says anything, because an extension host may be killed in the middle of its goodbye.
 */
export function driveAfterwards(world: HostWorld, { folder, name }: Pick<Drive, "folder" | "name">): void {
  const { server } = world.settings(folder);
  const token = world.usedToken;
  spawn(
    process.execPath,
    [
      world.program("cli.js"),
      "do",
      "--detached",
      "--after-driver",
      `--dir=${folder}`,
      ...(server === undefined ? [] : [`--server=${server}`]),
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
        ...cleanEnvironment(process.env),
        ELECTRON_RUN_AS_NODE: "1",
        ...(token === undefined ? {} : { WSH_TOKEN: token }),
      },
    },
  )
    .on("error", (error) => world.logger.warn(`${name} may have no driver: ${messageOf(error)}`))
    .unref();
}

/** Whether the project's driver is the one that a window left behind when it closed. */
export function wasHandedOver({ follower, driver }: FollowedProject): boolean {
  const { lease, handedOver } = follower.state;
  return lease !== undefined && driver.who === "other" && !driver.gone && handedOver === lease.generation - 1;
}

/** Asks that driver to hand over, and waits until it has. Throws what ended the wait. */
export async function takeBack(world: HostWorld, { folder, ledger }: FollowedProject): Promise<void> {
  const journal = new ProjectRecord(await (await world.store(folder.uri.fsPath)).open(ledger.project_id), world.logger);
  await journal.open();
  try {
    if (journal.state.lease)
      await requestHandOver(journal, journal.state.lease, world.actor, "its window is open again");
    await untilUndriven(journal, await world.processes, world.clock, world.actor, AbortSignal.timeout(leaveMs));
  } finally {
    await journal.close();
  }
}
