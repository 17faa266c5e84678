import type { MirrorStatus } from "../../src/protocol/mirror";
import { element } from "../shared/controls";
import { stateIcon } from "../shared/stateIcon";

/** Whose screen it is, what it does, and what keeps it from being live; of one that is over, only what can still be done. */
export function showHeader({ name, project, look, banner, over }: MirrorStatus): void {
  element("name").textContent = name;
  element("project").textContent = project;
  element("state").replaceChildren(stateIcon(look), look.word);
  element("banner").hidden = banner === null;
  element("banner-text").textContent = banner?.text ?? "";
  for (const act of ["reattach", "close"] as const)
    element(`banner-${act}`).hidden = banner?.acts.includes(act) !== true;
  document.body.classList.toggle("over", over);
}
