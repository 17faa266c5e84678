import { keyMeaning } from "../shared/keys";
import { onMac } from "../shared/platform";

export interface KeyboardListener {
  keys(text: string): void;
  pasted(text: string): void;
  /** Ctrl+C with something selected. */
  copy(): void;
  /** The person wants the keyboard back. */
  leave(): void;
  /** Whether keys arrive here now. */
  focused(focused: boolean): void;
}

export interface KeyboardState {
  readonly modes: readonly number[];
  readonly selected: boolean;
}

/** Input events of a composition, which its end reports (Input Events Level 2). */
const composed: ReadonlySet<string> = new Set([
  "insertCompositionText",
  "insertFromComposition",
  "deleteCompositionText",
]);

/** An invisible field that takes keys, pastes and the text of input methods, as long as it has the focus. */
export class Keyboard {
  readonly element = document.createElement("textarea");
  #composing = false;
  /** Keys that are down and were not the editor's. */
  readonly #keptKeys = new Set<string>();

  constructor(
    private readonly listener: KeyboardListener,
    private readonly state: () => KeyboardState,
  ) {
    const { element } = this;
    element.className = "keyboard";
    element.disabled = true;
    for (const [name, value] of [
      ["autocapitalize", "off"],
      ["autocomplete", "off"],
      ["autocorrect", "off"],
      ["spellcheck", "false"],
      ["tabindex", "-1"],
    ] as const)
      element.setAttribute(name, value);
    element.addEventListener("keydown", (event) => this.#key(event));
    // Whoever got the key gets its end as well.
    element.addEventListener("keyup", (event) => this.#keptKeys.delete(event.code) && event.stopPropagation());
    element.addEventListener("input", (event) => this.#input(event));
    element.addEventListener("compositionstart", () => this.#composes(true));
    element.addEventListener("compositionend", ({ data }) => this.#composed(data));
    element.addEventListener("paste", (event) => this.#paste(event));
    element.addEventListener("focus", () => listener.focused(true));
    element.addEventListener("blur", () => listener.focused(false));
  }

  take(): void {
    this.element.disabled = false;
    this.element.focus({ preventScroll: true });
  }

  give(): void {
    this.#composes(false);
    this.element.disabled = true;
    this.element.value = "";
  }

  #key(event: KeyboardEvent): void {
    // An input method has the key.
    if (event.isComposing || event.key === "Process") {
      event.stopPropagation();
      return;
    }
    const { key, ctrlKey: ctrl, altKey: alt, shiftKey: shift, metaKey: meta } = event;
    const meaning = keyMeaning(
      { key, ctrl, alt, shift, meta, altGraph: event.getModifierState("AltGraph") },
      { mac: onMac, ...this.state() },
    );
    if (meaning === "editor") return;
    // VS Code's own shortcuts listen further up.
    event.stopPropagation();
    this.#keptKeys.add(event.code);
    if (meaning === "text") return;
    event.preventDefault();
    if (meaning === "leave") this.listener.leave();
    else if (meaning === "copy") this.listener.copy();
    else this.listener.keys(meaning.bytes);
  }

  /** What is being composed stands at the cursor until it is done. */
  #composes(composing: boolean): void {
    this.#composing = composing;
    this.element.classList.toggle("composing", composing);
  }

  #input(event: Event): void {
    // Some browsers report the text of a composition once more when it has ended.
    if (this.#composing || !(event instanceof InputEvent) || composed.has(event.inputType)) return;
    this.element.value = "";
    if (event.data !== null && event.data !== "") this.listener.keys(event.data);
  }

  #composed(text: string): void {
    this.#composes(false);
    this.element.value = "";
    if (text !== "") this.listener.keys(text);
  }

  #paste(event: ClipboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text !== "") this.listener.pasted(text);
  }
}
