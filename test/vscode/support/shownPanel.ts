import { ok } from "node:assert/strict";
import { type WebviewPanel, window } from "vscode";
import type { MirrorStatus } from "../../../src/protocol/mirror";
import type { HostEvent } from "../../../src/protocol/pageMessages";
import { applyChange, type ScreenChange, type ScreenPicture } from "../../../src/protocol/screenPicture";

/** A panel of the extension, with all that its page is told. */
export interface ShownPanel {
  readonly panel: WebviewPanel;
  readonly told: readonly HostEvent[];
  readonly status: () => MirrorStatus | undefined;
  /** The text of the screen as its page has it. */
  readonly screen: () => string;
}

/** The panel that `open` makes. Its page is the real one and asks for itself. */
export async function panelOf(open: () => Promise<unknown>): Promise<ShownPanel> {
  const original = window.createWebviewPanel;
  const told: HostEvent[] = [];
  let panel: WebviewPanel | undefined;
  Object.assign(window, {
    createWebviewPanel: (...args: Parameters<typeof original>) => {
      panel = original(...args);
      const { webview } = panel;
      const post = webview.postMessage.bind(webview);
      Object.assign(webview, {
        postMessage: (message: HostEvent) => {
          if (message.kind === "event") told.push(message);
          return post(message);
        },
      });
      return panel;
    },
  });
  try {
    await open();
  } finally {
    Object.assign(window, { createWebviewPanel: original });
  }
  ok(panel);
  return {
    panel,
    told,
    status: () => told.findLast((event) => event.name === "status")?.params as MirrorStatus | undefined,
    screen: () => (screenOf(told)?.rows ?? []).map((row) => row.map(({ text }) => text).join("")).join("\n"),
  };
}

function screenOf(told: readonly HostEvent[]): ScreenPicture | undefined {
  let picture: ScreenPicture | undefined;
  for (const { name, params } of told) {
    if (name === "picture") picture = params as ScreenPicture;
    if (name === "change" && picture) picture = applyChange(picture, params as ScreenChange);
  }
  return picture;
}
