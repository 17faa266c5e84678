import { messageOf, OrchestratorError } from "../../core/model/errors";
import { advice, type Remedy } from "../../core/model/remedy";

export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

export function isMissing(error: unknown): boolean {
  const code = errnoOf(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

export function unsafe(path: string, why: string): OrchestratorError {
  return new OrchestratorError(
    "ledger_unsafe",
    `${path} ${why}, so it is not used.`,
    advice("Check who put it there, then delete it or use another workspace folder."),
  );
}

export function diskFull(path: string, cause?: unknown): OrchestratorError {
  return new OrchestratorError(
    "disk_full",
    `The disk is full: ${path} could not be written.`,
    advice("Free some disk space, then try again."),
    { cause },
  );
}

export function recordGone(path: string, code: "ledger_unwritable" | "project_not_found"): OrchestratorError {
  return new OrchestratorError(
    code,
    `The folder ${path} was deleted, moved or replaced.`,
    advice("Restore the folder, or create the project again."),
  );
}

export function damaged(path: string, why: string, remedy: Remedy = { kind: "verify_record" }): OrchestratorError {
  return new OrchestratorError("ledger_corrupt", `${path} ${why}.`, remedy);
}

/** Turns what the file system threw into a sentence; an OrchestratorError stays as it is. */
export function ledgerError(error: unknown, path: string): OrchestratorError {
  if (error instanceof OrchestratorError) return error;
  const code = errnoOf(error);
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return diskFull(path, error);
    case "ELOOP":
      return unsafe(path, "is a symbolic link");
    case "ENOENT":
    case "ENOTDIR":
      return recordGone(path, "ledger_unwritable");
    case "EROFS":
      return new OrchestratorError(
        "ledger_unwritable",
        `${path} cannot be written: its disk is read-only.`,
        advice("Make the disk writable, or use another workspace folder."),
        { cause: error },
      );
    case "EACCES":
    case "EPERM":
      return new OrchestratorError(
        "ledger_unwritable",
        `${path} cannot be read or written: permission denied.`,
        advice("Give yourself read and write permission for it, or use another workspace folder."),
        { cause: error },
      );
    default:
      return new OrchestratorError(
        "ledger_unwritable",
        `${path} cannot be read or written: ${code ?? messageOf(error)}.`,
        advice("Check the disk, then try again."),
        { cause: error },
      );
  }
}
