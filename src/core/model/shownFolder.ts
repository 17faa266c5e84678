/**
 * A folder as people read it who know their workspace: undefined for the workspace itself, `packages/api` for one in it,
 * its whole path for another. Both are absolute.
 */
export function shownFolder(workspace: string, folder: string): string | undefined {
  const [root, path] = [workspace, folder].map((each) => each.replace(/(?<=.)[/\\]+$/, ""));
  if (root === undefined || path === undefined || root === path) return undefined;
  const inside = path.startsWith(root) && /^[/\\]/.test(path.slice(root.length));
  return inside ? path.slice(root.length + 1) : path;
}
