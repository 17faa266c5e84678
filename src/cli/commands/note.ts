import { addNote } from "../../core/acts/addNote";
import { ProjectRecord } from "../../core/record/projectRecord";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { openProject } from "../projects";

export interface NoteOptions {
  readonly session?: string;
}

/** Appends a note. When this returns, it is on the disk. */
export async function noteProject(
  container: Container,
  name: string,
  text: string,
  options: NoteOptions,
): Promise<ExitCode> {
  const record = await ProjectRecord.open(await openProject(container, name), container.logger, {
    start: "checkpoint",
  });
  try {
    const { entry } = await addNote(record, container, { text, ...options });
    if (container.output.json) container.output.entry(entry);
    else container.output.line("Note saved.");
  } finally {
    await record.close();
  }
  return exitCode.done;
}
