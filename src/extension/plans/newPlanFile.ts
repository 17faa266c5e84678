import { Uri, workspace } from "vscode";

/**
 * A new file with that plan: `NAME.plan.yaml`, or without a name `plan.yaml`; with a number where there is one already,
 * never in the place of another file.
 */
export async function newPlanFile(folder: Uri, name: string | undefined, text: string): Promise<Uri> {
  for (let number = 1; ; number++) {
    const first = name === undefined ? "plan.yaml" : `${name}.plan.yaml`;
    const file = Uri.joinPath(folder, number === 1 ? first : `${name ?? "plan"}-${number}.plan.yaml`);
    if ((await fileText(file)) !== undefined) continue;
    await workspace.fs.writeFile(file, Buffer.from(text));
    return file;
  }
}

/** Undefined where there is no such file. */
export async function fileText(file: Uri): Promise<string | undefined> {
  return workspace.fs.readFile(file).then(
    (bytes) => Buffer.from(bytes).toString("utf8"),
    () => undefined,
  );
}
