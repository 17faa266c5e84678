import type { MirrorIdentity, MirrorTexts, MirrorView } from "../../src/protocol/mirror";
import { kept } from "../shared/bridge";
import { element } from "../shared/controls";

/** How the person wants to see the session; VS Code keeps it over a reload. */
export class KeptView {
  #view: MirrorView;

  constructor(
    private readonly identity: MirrorIdentity,
    private readonly texts: Pick<MirrorTexts, "follow" | "pause">,
  ) {
    const { view } = (kept.get() ?? {}) as { readonly view?: MirrorView };
    this.#view = { zoom: 1, paused: false, spoken: false, ...view };
    this.change({});
  }

  get now(): MirrorView {
    return this.#view;
  }

  change(change: Partial<MirrorView>): void {
    this.#view = { ...this.#view, ...change };
    kept.set({ identity: this.identity, view: this.#view });
    element("pause").textContent = this.#view.paused ? this.texts.follow : this.texts.pause;
    element("pause").setAttribute("aria-pressed", String(this.#view.paused));
  }
}
