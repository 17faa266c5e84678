import { linksInText } from "./textLinks";

/**
 * The output with the paths of files as they are from another folder. `elsewhere` gives a path's new form; undefined: it
 * stays as it is. Absolute paths are never asked about.
 */
export async function withPathsFrom(
  output: string,
  elsewhere: (path: string) => Promise<string | undefined>,
): Promise<string> {
  const known = new Map<string, Promise<string | undefined>>();
  const lines: string[] = [];
  for (const line of output.split("\n")) {
    let changed = line;
    for (const { from, to, target } of linksInText(line).reverse()) {
      if (target.kind !== "file" || /^(?:[/~\\]|[A-Za-z]:)/.test(target.path)) continue;
      const looked = known.get(target.path) ?? elsewhere(target.path);
      known.set(target.path, looked);
      const path = await looked;
      const at = line.indexOf(target.path, from);
      if (path !== undefined && at >= from && at < to)
        changed = `${changed.slice(0, at)}${path}${changed.slice(at + target.path.length)}`;
    }
    lines.push(changed);
  }
  return lines.join("\n");
}
