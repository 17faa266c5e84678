import { deferred } from "../../src/core/base/async";
import type { EntryDraft } from "../../src/core/model/entry";
import type { Ledger } from "../../src/core/ports/ledger";
import type { SessionServer } from "../../src/core/ports/sessions";
import type { ProjectHarness } from "./projectHarness";

/**
 * The call that a runner does not survive: an entry that it appends, or something that it asks of the session server.
 */
export interface FatalPoint {
  readonly when: "before" | "after";
  readonly append?: (draft: EntryDraft) => boolean;
  readonly call?: (method: keyof SessionServer, args: readonly unknown[]) => boolean;
}

/**
 * Runs a plan with a client of its own until the fatal point, where it ends as a killed process does: nothing of it has
 * any effect any more. Fails when the run ends before. What the session server and its shells do goes on.
 */
export async function runUntilDeath(
  project: ProjectHarness,
  client: SessionServer,
  yaml: string,
  point: FatalPoint,
  options: Parameters<ProjectHarness["run"]>[1] = {},
): Promise<void> {
  const death = deferred<undefined>();
  const never = new Promise<never>(() => undefined);
  let dead = false;
  let record: Ledger | undefined;

  const die = async (last: unknown): Promise<never> => {
    dead = true;
    await Promise.resolve(last).catch(() => undefined);
    death.resolve(undefined);
    return never;
  };
  const mortal = <T extends object>(target: T, isFatal: (method: keyof T, args: readonly unknown[]) => boolean): T =>
    new Proxy(target, {
      get: (original, key) => {
        const value: unknown = original[key as keyof T];
        if (typeof value !== "function") return value;
        return (...args: unknown[]): unknown => {
          if (dead) return never;
          const fatal = isFatal(key as keyof T, args);
          if (fatal && point.when === "before") return die(undefined);
          const result: unknown = value.apply(original, args);
          return fatal ? die(result) : result;
        };
      },
    });

  const run = project.run(yaml, {
    ...options,
    server: mortal(client, (method, args) => point.call?.(method, args) ?? false),
    ledger: (ledger) =>
      mortal(
        (record = ledger),
        (method, args) => method === "append" && (point.append?.(args[0] as EntryDraft) ?? false),
      ),
  });
  const ended = await Promise.race([
    death.promise,
    run.catch((error: unknown) =>
      dead ? undefined : Promise.reject(error instanceof Error ? error : new Error(String(error))),
    ),
  ]);
  if (!dead) throw new Error(`The run ended before its fatal point: ${JSON.stringify(ended)}`);
  client.close();
  await record?.close();
}
