import type { SessionMenuPlace } from "../../src/protocol/sessionMenu";

/** Tells VS Code, in the moment before it opens its menu, what the place is like that it is opened on. */
export function describeMenu(element: HTMLElement, at: (event: MouseEvent) => SessionMenuPlace): void {
  element.addEventListener("contextmenu", (event) => {
    element.dataset.vscodeContext = JSON.stringify(at(event));
  });
}
