import type { BuiltinLauncher } from "../adapters/wsh/serverChoice";
import type { RunningServer } from "../embedded/launchPublished";

/** Our own server from the program beside this one; loaded when it is needed. */
export function builtinLauncher(bundle: string): BuiltinLauncher<RunningServer> {
  return {
    published: async () => (await import("../embedded/launchPublished")).publishedServer(),
    find: async () => (await import("../embedded/launch")).findBuiltinServer(),
    hasEnded: async (remembered) => (await import("../embedded/launch")).hasBuiltinEnded(remembered),
    start: async () => (await import("../embedded/launch")).startBuiltinServer({ bundle }),
  };
}
