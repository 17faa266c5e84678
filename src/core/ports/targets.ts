/** A word of a command that names files, as the shell will take it: quotes removed. */
export interface TargetWord {
  /** A path, or a pattern of paths. Relative ones start from the folder of their target. */
  readonly text: string;
  /** `*`, `?`, `[…]` and, between slashes, `**` stand for other characters; else they are characters themselves. */
  readonly isPattern: boolean;
  /** It begins with the `~` of this user's home folder. */
  readonly fromHome: boolean;
}

/** Which of the files below a folder are meant, as `find` tells them apart. */
export interface FileFilter {
  /** A pattern of the name, without its folder. */
  readonly name?: string;
  readonly ignoresCase?: boolean;
  /** Letters of `find`: `f`, `d`, `l`. */
  readonly types?: string;
  readonly least_depth: number;
  readonly most_depth: number;
  /** A folder that is met goes with all that is in it. */
  readonly wholeFolders: boolean;
}

/**
 * What a command removes or overwrites, as far as its text tells: nothing that a shell would have to fill in.
 * `folder`: where it runs, an absolute path or one that begins with `~`; it is not used by words that need none.
 */
export type CommandTarget =
  | {
      readonly kind: "files";
      readonly effect: "delete" | "move";
      readonly folder: string;
      readonly words: readonly TargetWord[];
      /** Folders go with all that is in them; else they stay. */
      readonly recursive: boolean;
      readonly filter?: FileFilter;
      /** Only what is in the folder of `words` and not in this one. */
      readonly missingFrom?: TargetWord;
      /** Other files go too, which the text does not tell. */
      readonly isPart: boolean;
    }
  | {
      readonly kind: "overwritten";
      readonly folder: string;
      readonly words: readonly TargetWord[];
      /** Where a word is a folder, files of these names in it are meant. */
      readonly from: readonly TargetWord[];
    }
  /** `args`: what follows `git clean`, without what makes it ask or delete. */
  | { readonly kind: "git_clean"; readonly folder: string; readonly args: readonly string[] }
  /** `from`: what is put in place of the files: the index, which has what was added, or a commit. No paths: all. */
  | {
      readonly kind: "git_changes";
      readonly folder: string;
      readonly paths: readonly string[];
      readonly from: "index" | "commit";
    }
  | { readonly kind: "git_stashes"; readonly folder: string; readonly which: "all" | "one" };

/** A record of projects that would be hit. */
export interface HitRecord {
  readonly effect: "delete" | "move" | "overwrite";
  /** The workspace of another record; undefined for the own one. */
  readonly workspace: string | undefined;
  /** All of it, or logs in it. */
  readonly isWhole: boolean;
  /** Of those that are hit. */
  readonly project_ids: readonly string[];
}

export interface HitFiles {
  readonly effect: "delete" | "move";
  readonly files: number;
  readonly folders: number;
  /** Nothing else is hit, as far as was looked. */
  readonly isAll: boolean;
  /** Some of what is named or found, folders with a slash at the end. */
  readonly names: readonly string[];
  /** How many there are of them. */
  readonly count: number;
}

export interface HitFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly changed_at: number;
}

/** What is there now of what would be removed or overwritten. Names are as the file system has them. */
export interface Hit {
  readonly records: readonly HitRecord[];
  readonly files: readonly HitFiles[];
  /** Some of them, and how many there are. */
  readonly overwritten: { readonly files: readonly HitFile[]; readonly count: number };
  /** Files with changes that are not committed. */
  readonly changes: { readonly names: readonly string[]; readonly count: number };
  readonly stashes: { readonly lost: number; readonly of: number };
}
