import { readFileSync, statSync } from "node:fs";
import { dirname, posix } from "node:path";
import type { Metafile } from "esbuild";

type Outputs = Metafile["outputs"];

/** Bytes of a bundle as it is shipped: what its entry loads at once, and with all that it may load later. */
export function bundleSizes(metafiles: string, entry: string): { readonly atOnce: number; readonly all: number } {
  const bundles = Object.values(JSON.parse(readFileSync(metafiles, "utf8")) as Record<string, Metafile>);
  const outputs: Outputs = Object.assign({}, ...bundles.map((bundle) => bundle.outputs)) as Outputs;
  return {
    atOnce: bytesFrom(outputs, entry, (kind) => kind !== "dynamic-import"),
    all: bytesFrom(outputs, entry, () => true),
  };
}

function bytesFrom(outputs: Outputs, entry: string, follows: (kind: string) => boolean): number {
  const reached = new Set([entry]);
  for (const name of reached) {
    for (const { path, kind } of outputs[name]?.imports ?? []) {
      // A part that is a bundle of its own is named as it is required: relative to who requires it.
      const target = [path, posix.join(dirname(name), path)].find((each) => each in outputs);
      if (target !== undefined && follows(kind)) reached.add(target);
    }
  }
  // As the files are: what the bundler tells is before they were minified, with maps inside.
  return [...reached].reduce((sum, name) => sum + statSync(name).size, 0);
}
