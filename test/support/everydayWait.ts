import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** One thing that a program asks, by its words, and what a person answers to it. */
export interface AskedStep {
  readonly asks: RegExp;
  readonly kind: string;
  /** Absent: the options are no part of what is checked. */
  readonly options?: readonly string[];
  /** `secret`: through a pipe, since it is never an argument. */
  readonly answer: string | { readonly secret: string };
  /** Only some versions of the program ask it. */
  readonly optional?: true;
  /** Its words stand above a list. */
  readonly listed?: true;
}

/** A program that waits for its person every day. */
export interface EverydayWait {
  readonly name: string;
  /** Programs that have to be there. */
  readonly needs: readonly string[];
  /** It asks where the cursor is, and waits for the answer, which wsh leaves to those who look at a session. */
  readonly asksTerminal?: true;
  /** What else it lacks on this machine; undefined: nothing. */
  readonly lacks?: () => string | undefined;
  /** Puts what it takes into the workspace; gives what ends that. */
  readonly setUp?: (workspace: string) => Promise<() => Promise<void>>;
  /** Typed into a session of bash whose folder is the workspace. */
  readonly run: string;
  readonly steps: readonly AskedStep[];
  /** In the output of the whole command once it has gone on. */
  readonly gives: RegExp;
}

/** What `missingFor` has to know of a wait. */
export type Needing = Pick<EverydayWait, "needs" | "asksTerminal" | "lacks">;

/** Why a wait cannot be tried on this machine, or on a real wsh; undefined: it can. */
export function missingFor({ needs, asksTerminal, lacks }: Needing, onWsh = false): string | undefined {
  if (onWsh && asksTerminal === true) return "wsh answers nothing that programs ask their terminal";
  const lacking = needs.filter((program) => programPath(program) === undefined);
  return lacking.length === 0 ? lacks?.() : `${lacking.join(" and ")} is not installed`;
}

/** Servers stand in a folder that is not everybody's. */
const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];

/** Absolute path of a program; undefined where it is not installed. */
export function programPath(program: string): string | undefined {
  return folders
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
