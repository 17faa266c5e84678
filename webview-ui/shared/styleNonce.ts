/**
 * Stamps this page's nonce on every style element that a script makes, so that a strict policy lets it in. Must run
 * before the controls load.
 */
const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
type Create = (this: Document, name: string, options?: ElementCreationOptions) => HTMLElement;
const createElement: Create = Reflect.get(document, "createElement");

Object.defineProperty(document, "createElement", {
  value: (name: string, options?: ElementCreationOptions): HTMLElement => {
    const element = createElement.call(document, name, options);
    if (nonce !== undefined && element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  },
});
