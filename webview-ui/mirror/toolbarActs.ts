import type { MirrorAct } from "../../src/protocol/mirror";

/** What the buttons of the toolbar do, by their ids. */
export const toolbarActs: Readonly<Record<string, MirrorAct>> = {
  take: "keyboard",
  prompt: "prompt",
  pause: "pause",
  "find-open": "find",
  copy: "copy",
  "zoom-in": "zoomIn",
  "zoom-out": "zoomOut",
  fit: "fit",
  "as-text": "openAsText",
  explain: "explain",
};
