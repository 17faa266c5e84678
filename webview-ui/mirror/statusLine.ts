import type { MirrorTexts } from "../../src/protocol/mirror";
import { element } from "../shared/controls";
import { counted } from "../shared/countedText";

export interface Watching {
  readonly name: string;
  /** Whether keys go to the session: from here, or once the page has the focus again. */
  readonly typing: "here" | "elsewhere" | undefined;
  readonly paused: boolean;
  /** Lines that came while it was paused. */
  readonly behind: number;
  readonly live: boolean;
  /** Its session can no longer be seen. */
  readonly lost: boolean;
}

/** What the line below a mirror says of how it is watched. */
export function lineText(texts: MirrorTexts, { name, typing, paused, behind, live, lost }: Watching): string {
  if (typing) return (typing === "here" ? texts.typing : texts.typingElsewhere).replace("{0}", name);
  if (paused) return behind > 0 ? counted(texts.pausedBehind, behind) : texts.paused;
  if (!live) return texts.scrolled;
  return lost ? texts.notLive : texts.following;
}

/** The answer to what a person asked for stays this long, whatever the screen does meanwhile. */
const noticeMs = 4000;

/** The line below a mirror: how it is watched, or for a while what became of what the person asked for. */
export class StatusLine {
  #watching = "";
  #manner = "";
  #notice: number | undefined;

  constructor(private readonly texts: MirrorTexts) {}

  watch(watching: Watching): void {
    this.#watching = lineText(this.texts, watching);
    const manner = `${watching.typing ?? "not"} ${watching.paused}`;
    // Who takes the keyboard, or lets the screen stand still, sees at once that it is so.
    if (this.#notice === undefined || manner !== this.#manner) this.#endNotice();
    this.#manner = manner;
  }

  notice(text: string): void {
    clearTimeout(this.#notice);
    this.#notice = window.setTimeout(() => this.#endNotice(), noticeMs);
    show(text);
  }

  #endNotice(): void {
    clearTimeout(this.#notice);
    this.#notice = undefined;
    show(this.#watching);
  }
}

function show(text: string): void {
  const line = element("line");
  // What stands there already is not announced again.
  if (line.textContent !== text) line.textContent = text;
}
