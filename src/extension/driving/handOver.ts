import { spawn } from "node:child_process";
import { once } from "node:events";
import { handOverEvent, requestHandOver } from "../../core/engine/driverRequests";
import { Journal } from "../../core/engine/journal";
import { untilUndriven } from "../../core/engine/lease";
import { requiresSecrets } from "../../core/engine/storedPlan";
import { messageOf } from "../../core/model/errors";
import type { Ledger } from "../../core/ports";
import { cleanEnvironment } from "../../embedded/launch";
import type { HostWorld } from "../hostWorld";
import type { FollowedProject } from "../records/workspaceRecords";
import type { Drive } from "./hostDrivers";

/** An extension host that closes waits a few seconds for its extensions; by then the other process must drive. */
const claimMs = 3000;
/** A driver that is asked to hand over writes one entry and ends. */
const leaveMs = 10_000;

/** Has a process of its own go on with a project that this window has left. False when its plan cannot be run without the person. */
export async function driveDetached(world: HostWorld, { folder, name, journal }: Pick<Drive, "folder" | "name" | "journal">): Promise<boolean> {
  const plan = await journal.ledger.readPlan();
  if (plan === undefined || requiresSecrets(plan)) return false;
  const { server } = world.settings();
  const args = [world.program("cli.js"), "do", "--detached", `--dir=${folder}`, ...(server === undefined ? [] : [`--server=${server}`]), "--", name];
  const token = server === undefined ? undefined : await world.token(server);
  const child = spawn(process.execPath, args, {
    cwd: folder,
    detached: true,
    windowsHide: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    // The program of a desktop's extension host is the editor itself.
    env: { ...cleanEnvironment(process.env), ELECTRON_RUN_AS_NODE: "1", ...(token === undefined ? {} : { WSH_TOKEN: token }) },
  });
  try {
    await Promise.race([once(child, "message", { signal: AbortSignal.timeout(claimMs) }), once(child, "exit").then(() => Promise.reject(new Error("The detached driver has ended.")))]);
    return true;
  } catch (error) {
    world.logger.warn(`${name} may have no driver: ${messageOf(error)}`);
    return false;
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** Whether the project's driver is the one that a window left behind when it closed. */
export async function wasHandedOver({ ledger, follower, driver }: FollowedProject): Promise<boolean> {
  const { lease } = follower.state;
  if (!lease || driver.who !== "other" || driver.gone) return false;
  return hasHandOver(ledger, lease.generation - 1);
}

async function hasHandOver(ledger: Ledger, generation: number): Promise<boolean> {
  for await (const { entry } of ledger.read()) if (entry.kind === "project" && entry.event === handOverEvent && entry.generation === generation) return true;
  return false;
}

/** Asks that driver to hand over, and waits until it has. Throws what ended the wait. */
export async function takeBack(world: HostWorld, { folder, ledger }: FollowedProject): Promise<void> {
  const journal = new Journal(await world.store(folder.uri.fsPath).open(ledger.project_id), world.logger);
  await journal.open();
  try {
    if (journal.state.lease) await requestHandOver(journal, journal.state.lease, world.actor, "its window is open again");
    await untilUndriven(journal, await world.processes, world.clock, world.actor, AbortSignal.timeout(leaveMs));
  } finally {
    await journal.close();
  }
}
