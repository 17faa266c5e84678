import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Memento } from "vscode";
import type { HostWorld } from "../../../src/extension/hostWorld";

/** What was asked, and the button that a person takes. */
const asked: string[] = [];
let answer: string | undefined;
vi.mock("vscode", () => ({
  l10n: { t: (text: string, ...more: unknown[]) => text.replace(/\{(\d)\}/g, (_all, at: string) => String(more[+at])) },
  languages: {},
  window: {
    showInformationMessage: (text: string, ...buttons: { title: string }[]) => {
      asked.push(text);
      return Promise.resolve(buttons.find(({ title }) => title === answer));
    },
  },
  workspace: { isTrusted: true },
}));
const { IgnoreOffer } = await import("../../../src/extension/running/ignoreOffer");

let folder: string;
beforeEach(() => {
  asked.length = 0;
  folder = mkdtempSync(join(tmpdir(), "offer-"));
  mkdirSync(join(folder, ".orchestrator"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function offer(notifications = "all"): InstanceType<typeof IgnoreOffer> {
  const kept = new Map<string, unknown>();
  const memory = {
    get: (key: string) => kept.get(key),
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
  };
  return new IgnoreOffer({ settings: () => ({ notifications }) } as unknown as HostWorld, memory as unknown as Memento);
}

it("asks once for a folder, and adds only after a yes", async () => {
  writeFileSync(join(folder, ".prettierrc"), "{}");
  const one = offer();
  answer = "Not Now";
  await one.ended(folder);
  await one.ended(folder);
  expect(asked).toEqual(["The log in .orchestrator is also read by Prettier. Add .orchestrator to .prettierignore?"]);
  expect(() => readFileSync(join(folder, ".prettierignore"))).toThrow("ENOENT");
  answer = "Add";
  await offer().ended(folder);
  expect(readFileSync(join(folder, ".prettierignore"), "utf8")).toBe(".orchestrator/\n");
  await offer().ended(folder);
  expect(asked).toHaveLength(2);
});

it("asks nothing where no tool would read it, a line is not enough, or notifications are off", async () => {
  await offer().ended(folder);
  writeFileSync(join(folder, ".yamllint"), "");
  await offer().ended(folder);
  writeFileSync(join(folder, ".prettierrc"), "{}");
  await offer("off").ended(folder);
  expect(asked).toEqual([]);
});
