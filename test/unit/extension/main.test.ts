import { expect, it, vi } from "vitest";

const log = { info: () => undefined, error: () => undefined, dispose: () => undefined };
const probe = { rows: () => [] };

vi.mock("vscode", () => ({
  ExtensionMode: { Production: 1, Development: 2, Test: 3 },
  l10n: { t: (text: string) => text },
  languages: {},
  window: { createOutputChannel: () => log },
}));
vi.mock("../../../src/extension/container", () => ({
  Container: class {
    readonly probe = probe;
    start(): void {
      // Nothing runs here.
    }
    dispose(): void {
      // Nothing is held here.
    }
  },
}));

const { activate } = await import("../../../src/extension/main");
const { ExtensionMode } = await import("vscode");

it("shows what is inside to the tests of this extension alone", () => {
  const activated = (extensionMode: number): unknown => activate({ extensionMode, subscriptions: [] } as never);
  expect([activated(ExtensionMode.Production), activated(ExtensionMode.Development)]).toEqual([undefined, undefined]);
  expect(activated(ExtensionMode.Test)).toEqual({ probe });
});
