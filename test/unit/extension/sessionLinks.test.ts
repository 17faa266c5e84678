import { plansHere } from "../../../src/core/run/plansHere";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { LinkTarget, ShownLink } from "../../../src/protocol/links";
import type { FollowedProject } from "../../../src/viewing/workspaceRecords";

/** What VS Code was asked, in order, and what the person answers. */
const done: unknown[] = [];
let answer: string | undefined;
let items: { label: string; detail?: string }[] = [];

vi.mock("vscode", () => ({
  l10n: {
    t: (text: string, ...parts: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => String(parts[Number(index)])),
  },
  languages: {},
  Uri: { file: (path: string) => ({ path }) },
  Position: class {
    constructor(
      readonly line: number,
      readonly character: number,
    ) {}
  },
  Range: class {
    constructor(readonly start: unknown) {}
  },
  workspace: { openTextDocument: (uri: { path: string }) => Promise.resolve(uri) },
  env: {
    openExternal: (address: unknown) => Promise.resolve(done.push(address)),
    clipboard: { writeText: (text: string) => Promise.resolve(done.push(`copied ${text}`)) },
  },
  window: {
    showTextDocument: (
      document: { path: string },
      { selection }: { selection: { start: { line: number; character: number } } },
    ) => Promise.resolve(done.push(`${document.path} ${selection.start.line} ${selection.start.character}`)),
    showWarningMessage: (text: string, { detail }: { detail: string }, ...choices: { title: string }[]) => {
      done.push(`${text} ${detail}`);
      return Promise.resolve(choices.find(({ title }) => title === answer));
    },
    showQuickPick: (shown: typeof items) => {
      items = shown;
      return Promise.resolve(shown.find(({ label }) => label === answer));
    },
  },
}));

const { SessionLinks } = await import("../../../src/extension/mirrors/sessionLinks");

describe("links of a session", () => {
  let folder: string;
  let address = "unix:/s";
  const plan = "project: p\ngoal: g\nroles: { a: { cwd: sub } }\ntasks: [{ id: t, role: a, run: 'true' }]\n";
  const followed = (): FollowedProject =>
    ({
      folder: { path: folder },
      project: { default_cwd: folder, server: { address, server_id: null } },
      record: { state: { sessions: new Map([["s", { role: "a" }]]) } },
      ledger: { readPlan: () => Promise.resolve(plan) },
    }) as unknown as FollowedProject;
  const links = new SessionLinks("s", followed, plansHere);
  const web = (text: string, target: string, given: boolean): ShownLink => ({
    text,
    target: { kind: "address", address: target },
    given,
  });

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "wso-links-")));
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "sub/in-role.ts"), "");
    writeFileSync(join(folder, "top.ts"), "");
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    done.length = 0;
    answer = undefined;
    address = "unix:/s";
  });

  it("are addresses of the web, and files of the role's folder and the workspace", async () => {
    const targets: LinkTarget[] = [
      { kind: "address", address: "https://a.example/x" },
      { kind: "address", address: "command:workbench.action.quit" },
      { kind: "address", address: "vscode://file/etc/passwd" },
      { kind: "file", path: "in-role.ts" },
      { kind: "file", path: "top.ts" },
      { kind: "file", path: "none.ts" },
      { kind: "file", path: "/etc/passwd" },
      { kind: "address", address: `file://${folder}/top.ts` },
      { kind: "address", address: `file://${hostname()}${folder}/top.ts` },
      { kind: "address", address: `file://elsewhere.example${folder}/top.ts` },
      { kind: "address", address: "file:///etc/passwd" },
    ];
    const [yes, no] = [true, false];
    expect(await links.openable(targets)).toEqual([yes, no, no, yes, yes, no, no, yes, yes, no, no]);
    address = "https://elsewhere.example:8080";
    expect(await links.openable(targets)).toEqual([yes, ...targets.slice(1).map(() => no)]);
  });

  it("open at once where the text says where they lead", async () => {
    await links.open(web("https://a.example/x?y=%26", "https://a.example/x?y=%26", false));
    await links.open(web("https://a.example", "https://a.example/", true));
    expect(done).toEqual(["https://a.example/x?y=%26", "https://a.example/"]);
  });

  it("of a program open after the person has seen where they lead, or not at all", async () => {
    const lying = web("https://good.example", "https://evil.example/", true);
    await links.open(lying);
    expect(done).toEqual(["Open this link? The text “https://good.example” leads to:\nhttps://evil.example/"]);
    answer = "Open";
    await links.open(lying);
    expect(done.at(-1)).toBe("https://evil.example/");
    answer = "Copy Address";
    await links.open(lying);
    expect(done.at(-1)).toBe("copied https://evil.example/");
  });

  it("open files in the editor at their place", async () => {
    await links.open({ text: "x", target: { kind: "file", path: "top.ts", line: 12, column: 3 }, given: false });
    await links.open({ text: "x", target: { kind: "address", address: `file://${folder}/top.ts#L7` }, given: true });
    await links.open({ text: "x", target: { kind: "file", path: "top.ts", line: 0 }, given: false });
    expect(done).toEqual([`${folder}/top.ts 11 2`, `${folder}/top.ts 6 0`, `${folder}/top.ts 0 0`]);
  });

  it("that cannot be opened are refused, whatever a page says", async () => {
    for (const target of ["command:x", "vscode://x/y", "javascript:alert(1)", "file:///etc/passwd"])
      await expect(links.open(web("https://a.example", target, false))).rejects.toMatchObject({ code: "usage" });
    await expect(
      links.open({ text: "x", target: { kind: "file", path: "../../../etc/passwd" }, given: false }),
    ).rejects.toMatchObject({ code: "usage" });
    expect(done).toEqual([]);
  });

  it("are chosen from a list that says where each leads", async () => {
    answer = "docs";
    const hidden = web("docs", "https://a.example/", true);
    await links.choose([hidden, web("x", "command:x", true), web("http://b.example/", "http://b.example/", false)]);
    expect(items.map(({ label, detail }) => [label, detail])).toEqual([
      ["docs", "https://a.example/"],
      ["http://b.example/", undefined],
    ]);
    expect(done).toEqual(["Open this link? The text “docs” leads to:\nhttps://a.example/"]);
    await expect(links.choose([web("x", "command:x", true)])).rejects.toMatchObject({ code: "usage" });
  });
});
