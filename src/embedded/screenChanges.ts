import type { WireCursor, WireSpan } from "../adapters/wsh/wire";
import type { ScreenModel } from "./screenModel";

export type ResetReason = "alternate_screen_enter" | "alternate_screen_exit" | "resize";

export type ScreenChange =
  | { readonly event: "mode"; readonly seq: number; readonly alternate_active: boolean }
  | { readonly event: "reset"; readonly seq: number; readonly reason: ResetReason }
  | {
      readonly event: "line";
      readonly seq: number;
      readonly index: number;
      readonly total_lines: number;
      readonly line: WireSpan[];
    }
  | ({ readonly event: "cursor"; readonly seq: number } & WireCursor);

export type ScreenFollower = (changes: readonly ScreenChange[]) => void;

/** Turns the emulator's state into wsh's events, by comparing rows; works only while somebody follows. */
export class ScreenChanges {
  readonly #screen: ScreenModel;
  readonly #followers = new Set<ScreenFollower>();
  #rows: string[] = [];
  #cursor = "";
  #pending: ScreenChange[] = [];
  #seq = 0;

  constructor(screen: ScreenModel) {
    this.#screen = screen;
  }

  /** From now on; what was there before is for the follower's first snapshot. */
  follow(follower: ScreenFollower): void {
    if (this.#followers.size === 0) this.#remember();
    else this.publish();
    this.#followers.add(follower);
  }

  unfollow(follower: ScreenFollower): void {
    this.#followers.delete(follower);
  }

  switched(alternate: boolean): void {
    if (this.#followers.size === 0) return;
    this.#pending.push({ event: "mode", seq: this.#seq++, alternate_active: alternate });
    this.reset(alternate ? "alternate_screen_enter" : "alternate_screen_exit");
  }

  /** All rows count as changed. */
  reset(reason: ResetReason): void {
    if (this.#followers.size === 0) return;
    this.#pending.push({ event: "reset", seq: this.#seq++, reason });
    this.#rows = [];
    this.#cursor = "";
  }

  /** Tells everybody what changed since the last call: mode, reset, lines, cursor. */
  publish(): void {
    if (this.#followers.size === 0) return;
    const changes = this.#pending;
    this.#pending = [];
    const total = this.#screen.totalLines;
    for (const [index, line] of this.#screen.styledRows().entries()) {
      const text = JSON.stringify(line);
      if (this.#rows[index] === text) continue;
      this.#rows[index] = text;
      changes.push({ event: "line", seq: this.#seq++, index, total_lines: total, line });
    }
    const cursor = this.#screen.cursor();
    const cursorText = JSON.stringify(cursor);
    if (cursorText !== this.#cursor) changes.push({ event: "cursor", seq: this.#seq++, ...cursor });
    this.#cursor = cursorText;
    if (changes.length === 0) return;
    for (const follower of [...this.#followers]) follower(changes);
  }

  #remember(): void {
    this.#pending = [];
    this.#rows = this.#screen.styledRows().map((line) => JSON.stringify(line));
    this.#cursor = JSON.stringify(this.#screen.cursor());
  }
}
