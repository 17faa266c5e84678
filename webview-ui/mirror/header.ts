import type { MirrorStatus, MirrorTexts } from "../../src/protocol/mirror";
import type { ScreenPicture } from "../../src/protocol/screenPicture";
import { element } from "../shared/controls";
import { stateIcon } from "../shared/stateIcon";

/** How many columns and rows the session has. */
export function showSize(texts: Pick<MirrorTexts, "size" | "sizeSpoken">, { cols, rows }: ScreenPicture): void {
  const put = (text: string): string => text.replace("{0}", String(cols)).replace("{1}", String(rows.length));
  const size = element("size");
  const text = put(texts.size);
  if (size.textContent === text) return;
  size.textContent = text;
  size.title = put(texts.sizeSpoken);
  size.setAttribute("aria-label", size.title);
}

/** Whose screen it is, what it does, and what keeps it from being live; of one that is over, only what can still be done. */
export function showHeader({ name, project, agent, look, banner, over, noTyping }: MirrorStatus): void {
  element("name").textContent = name;
  element("name").title = name;
  element("project").textContent = project;
  element("project").title = project;
  element("agent").textContent = agent;
  element("agent").title = agent;
  element("prompt").hidden = agent === "" || noTyping !== "";
  element("state").replaceChildren(stateIcon(look), look.word);
  element("banner").hidden = banner === null;
  element("banner-text").textContent = banner?.text ?? "";
  for (const act of ["answer", "reattach", "close"] as const)
    element(`banner-${act}`).hidden = banner?.acts.includes(act) !== true;
  document.body.classList.toggle("over", over);
}

/** The button of the keyboard. Tells whether its text is another one. `refused`: why it cannot be taken, or empty. */
export function showTake(texts: Pick<MirrorTexts, "take" | "give">, typing: boolean, refused: string): boolean {
  const take = element("take");
  const text = typing ? texts.give : texts.take;
  take.setAttribute("aria-pressed", String(typing));
  take.title = refused;
  // A press on it takes the focus from the keyboard, and would be no click if what was pressed were another text by
  // then.
  if (take.textContent === text) return false;
  take.textContent = text;
  return true;
}
