import type { MirrorTexts } from "../../src/protocol/mirror";

export interface Watching {
  readonly name: string;
  /** Whether keys go to the session: from here, or once the page has the focus again. */
  readonly typing: "here" | "elsewhere" | undefined;
  readonly paused: boolean;
  /** Lines that came while it was paused. */
  readonly behind: number;
  readonly live: boolean;
  /** Its session is not to be seen any more. */
  readonly lost: boolean;
}

/** What the line below a mirror says of how it is watched. */
export function lineText(texts: MirrorTexts, { name, typing, paused, behind, live, lost }: Watching): string {
  if (typing) return (typing === "here" ? texts.typing : texts.typingElsewhere).replace("{0}", name);
  if (paused) return behind > 0 ? texts.pausedBehind.replace("{0}", String(behind)) : texts.paused;
  if (!live) return texts.scrolled;
  return lost ? texts.notLive : texts.following;
}
