const reasons: Readonly<Record<string, string>> = {
  EROFS: "its file system is read-only",
  EACCES: "you may not write there",
  EPERM: "you may not write there",
  ENOTDIR: "a file stands where a folder is needed",
  ENOSPC: "the disk is full",
  EDQUOT: "your disk quota is used up",
};

/** Why a file or folder could not be written, as the end of a sentence; undefined for what the file system says rarely. */
export function writingReason(error: unknown): string | undefined {
  return reasons[(error as NodeJS.ErrnoException | undefined)?.code ?? ""];
}
