/** Files in the folder of a project, which its plan names. */
export interface ProjectFiles {
  /**
   * The bytes of a file; `path` is relative to `folder`, or absolute. Throws `request_invalid` for what is not there, is
   * outside of the folder (links on the disk included), is no plain file, or has more than `most` bytes.
   */
  read(folder: string, path: string, most: number): Promise<Uint8Array>;
  /** Whether `folder` itself has something of that name, whatever it is; `path` is relative to it, as the disk spells it. */
  has(folder: string, path: string): Promise<boolean>;
}
