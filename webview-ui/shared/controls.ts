import "./styleNonce";
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from "@vscode/webview-ui-toolkit";

/**
 * The controls of all pages. The toolkit is archived: this is the only file that imports it, so that a successor with
 * the same elements comes in here and nowhere else.
 */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeTextField(),
  );
}

export interface TextField extends HTMLElement {
  value: string;
}

export interface Checkbox extends HTMLElement {
  checked: boolean;
}

export interface Dropdown extends HTMLElement {
  value: string;
}

/** The element of that id. Throws when the page's markup and its script do not fit. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element ${id}.`);
  return found;
}

export function onClick(id: string, act: () => void): void {
  element(id).addEventListener("click", act);
}
