import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { rowContexts } from "../../../src/protocol/projectRows";
import {
  commandId,
  commandNames,
  configurationSection,
  contextKeys,
  droppedSessionType,
  panelTypes,
  terminalProfileId,
  viewIds,
} from "../../../src/extension/identifiers";
import { readSettings } from "../../../src/extension/settings";

/** A page, or a picture for each kind of theme. */
type StepMedia =
  | { readonly markdown: string }
  | { readonly image: Readonly<Record<"dark" | "light" | "hc" | "hcLight", string>>; readonly altText: string };

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category: string; readonly title: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly menus: Readonly<
      Record<
        string,
        readonly {
          readonly command?: string;
          readonly submenu?: string;
          readonly when?: string;
          readonly group?: string;
        }[]
      >
    >;
    readonly submenus: readonly { readonly id: string }[];
    readonly keybindings: readonly {
      readonly command: string;
      readonly args?: { readonly commands: readonly string[] };
    }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly default: unknown; readonly scope: string }>>;
    };
    readonly terminal: { readonly profiles: readonly { readonly id: string }[] };
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly completionEvents: readonly string[]; readonly media: StepMedia }[];
    }[];
  };
}

const text = readFileSync("package.json", "utf8");
const { activationEvents, contributes } = JSON.parse(text) as Manifest;
const strings = JSON.parse(readFileSync("package.nls.json", "utf8")) as Readonly<Record<string, string>>;
const sorted = (values: Iterable<string>): string[] => [...values].sort();

describe("the manifest of the extension", () => {
  it("has every command that the code has, and no other", () => {
    expect(sorted(contributes.commands.map((each) => each.command))).toEqual(sorted(commandNames.map(commandId)));
    expect(new Set(contributes.commands.map((each) => each.category)).size).toBe(1);
  });

  it("has the views and the terminal profile of the code", () => {
    const views = Object.values(contributes.views).flat();
    expect(sorted(views.map((view) => view.id))).toEqual(sorted(Object.values(viewIds)));
    expect(views.every((view) => existsSync(view.icon))).toBe(true);
    expect(contributes.terminal.profiles.map((each) => each.id)).toEqual([terminalProfileId]);
  });

  it("is woken for every panel that VS Code brings back", () => {
    const events = Object.values(panelTypes).map((type) => `onWebviewPanel:${type}`);
    expect(activationEvents).toEqual(expect.arrayContaining(events));
  });

  it("uses only commands that exist in menus and keys", () => {
    const known = new Set(contributes.commands.map((each) => each.command));
    const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
    const ran = contributes.keybindings.flatMap(({ args }) => args?.commands ?? []);
    const named = [...used.flatMap(({ command }) => command ?? []), ...ran];
    // A key may do more than one thing, of VS Code's own too.
    const theirs = new Set(["runCommands", "list.select"]);
    expect(named.filter((command) => !known.has(command) && !theirs.has(command))).toEqual([]);
    const submenus = Object.values(contributes.menus)
      .flat()
      .flatMap(({ submenu }) => submenu ?? []);
    expect(submenus.length).toBeGreaterThan(0);
    expect(new Set(submenus)).toEqual(new Set(contributes.submenus.map(({ id }) => id)));
    expect(submenus.filter((id) => (contributes.menus[id] ?? []).length === 0)).toEqual([]);
  });

  it("asks only for context keys that the code sets", () => {
    const others = new Set([
      ...commandNames,
      ...Object.keys(panelTypes),
      ...Object.values(viewIds).map((id) => id.slice(configurationSection.length + 1)),
      ...Object.keys(contributes.configuration.properties).map((id) => id.slice(configurationSection.length + 1)),
      "session",
      droppedSessionType.slice(configurationSection.length + 1),
      ...contributes.submenus.map(({ id }) => id.slice(configurationSection.length + 1)),
    ]);
    const named = [...text.matchAll(/wshOrchestrator\.(\w+)/g)].map((match) => match[1] ?? "");
    expect(
      named.filter((name) => !others.has(name as never) && !(contextKeys as readonly string[]).includes(name)),
    ).toEqual([]);
  });

  it("has a text for every key, and a key for every text", () => {
    const keys = [...text.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? "");
    expect(sorted(new Set(keys))).toEqual(sorted(Object.keys(strings)));
  });

  it("has the defaults that the code has, and keeps machine settings from a workspace", () => {
    const { properties } = contributes.configuration;
    const valueOf = (name: string): unknown => properties[`${configurationSection}.${name}`]?.default;
    const defaults = { get: valueOf, inspect: (name: string) => ({ defaultValue: valueOf(name) }) };
    expect(readSettings(defaults)).toEqual(readSettings({ get: () => undefined, inspect: () => undefined }));
    expect(properties["wshOrchestrator.server"]?.scope).toBe("machine");
  });

  it("takes a server from the user's settings alone, whatever a workspace or folder says", () => {
    const stranger = "http://stranger.example";
    const said = { workspaceValue: stranger, workspaceFolderValue: stranger, defaultValue: "" };
    const reader = (globalValue?: string) => ({ get: () => stranger, inspect: () => ({ ...said, globalValue }) });
    expect(readSettings(reader()).server).toBeUndefined();
    expect(readSettings(reader("builtin")).server).toBe("builtin");
  });

  it("has the pictures and pages of its walkthrough, and what those show", () => {
    const files = contributes.walkthroughs.flatMap((each) =>
      each.steps.flatMap(({ media }) => ("markdown" in media ? [media.markdown] : Object.values(media.image))),
    );
    const pages = [...files.filter((file) => file.endsWith(".md")), "README.md"];
    const pictures = pages.flatMap((page) =>
      [...readFileSync(page, "utf8").matchAll(/!\[([^\]]+)\]\(([^)]+)\)/g)].map((match) =>
        join(dirname(page), match[2] ?? ""),
      ),
    );
    const missing = [...files, ...pictures].filter((file) => !existsSync(file));
    expect(missing).toEqual([]);
    expect(sorted(readdirSync("media/pictures").map((name) => `media/pictures/${name}`))).toEqual(
      sorted(new Set([...files, ...pictures].filter((file) => file.endsWith(".webp")))),
    );
  });

  it("has a walkthrough of six steps at most, with a picture of the mirrors and one of a question, that ends with a project which runs", () => {
    for (const { steps } of contributes.walkthroughs) {
      expect(steps.length).toBeLessThanOrEqual(6);
      expect(steps.filter(({ media }) => "image" in media).length).toBe(2);
      expect(steps.at(-1)?.completionEvents).toEqual([`onContext:${configurationSection}.runsProject`]);
    }
  });

  it("has small pictures", () => {
    const bytes = readdirSync("media/pictures").reduce(
      (sum, name) => sum + statSync(join("media/pictures", name)).size,
      0,
    );
    expect(bytes).toBeLessThan(250 * 1024);
  });

  it("ends the steps of its walkthrough by things that exist", () => {
    const known = new Set([
      ...commandNames.map((name) => `onCommand:${commandId(name)}`),
      ...Object.values(viewIds).map((id) => `onView:${id}`),
      ...contextKeys.map((key) => `onContext:${configurationSection}.${key}`),
    ]);
    const ofTheEditor = ["onContext:workbenchState != empty", "onCommand:workbench.action.openSettings"];
    const events = contributes.walkthroughs.flatMap((each) => each.steps.flatMap((step) => step.completionEvents));
    expect(events.filter((event) => !known.has(event) && !ofTheEditor.includes(event))).toEqual([]);
    expect(
      contributes.walkthroughs.flatMap((each) => each.steps).every((step) => step.completionEvents.length > 0),
    ).toBe(true);
  });

  it("offers to resume on the row of an answer that waits for a run, and there alone", () => {
    const { menus, commands } = contributes;
    const offers = (row: string): (string | undefined)[] =>
      (menus["view/item/context"] ?? [])
        .filter(({ when = "", group }) => when.endsWith(`viewItem == ${row}`) && group === "inline@1")
        .map(({ command }) => {
          const title = commands.find((each) => each.command === command)?.title ?? "";
          return strings[title.slice(1, -1)];
        });
    expect([offers("question+answered"), offers("question")]).toEqual([["Resume Project"], ["Review Question…"]]);
    const everywhere = Object.values(menus)
      .flat()
      .filter(({ command, when }) => command === commandId("resumeProject") && when !== "false");
    expect(everywhere.every(({ when = "" }) => when.endsWith("viewItem == question+answered"))).toBe(true);
    expect(everywhere.length).toBeGreaterThan(0);
  });

  it("offers on a tile of the overview what it offers on its session's row", () => {
    const { menus } = contributes;
    const offers = (menu: string, key: string, row: string): string[] =>
      (menus[menu] ?? []).flatMap(({ command, submenu, when = "", group = "" }) => {
        const [, how, what = ""] = new RegExp(`${key} (==|=~) (\\S+)`).exec(when) ?? [];
        const everywhere = how === undefined && when.includes("wshOrchestrator.overview");
        const passes = how === "==" ? row === what : how === "=~" && new RegExp(what.slice(1, -1)).test(row);
        return (everywhere || passes) && !group.startsWith("inline") ? (command ?? submenu ?? []) : [];
      });
    for (const row of ["session+living", "session+living+asking", "session+living+waiting", "session+unchosen"]) {
      const onTile = [...offers("webview/context", "sessionRow", row)];
      if (row !== "session+unchosen") onTile.push(commandId("openSessionAsText"));
      expect(sorted(onTile)).toEqual(sorted(offers("view/item/context", "viewItem", row)));
    }
    expect(offers("webview/context", "sessionRow", "session+living+asking")).toContain(commandId("answer"));
    expect(offers("webview/context", "sessionRow", "session+living+waiting")).toContain(commandId("answer"));
    expect(offers("webview/context", "sessionRow", "session+living")).not.toContain(commandId("answer"));
  });

  it("has menus for the kinds of rows that there are, and for all of them", () => {
    const items = contributes.menus["view/item/context"] ?? [];
    const conditions = items.flatMap(({ when = "" }) =>
      [...when.matchAll(/viewItem (==|=~) (\S+)/g)].map(([, how, what = ""]) =>
        how === "=="
          ? (value: string): boolean => value === what
          : (value: string): boolean => new RegExp(what.slice(1, -1)).test(value),
      ),
    );
    expect(conditions.length).toBe(items.length);
    expect(conditions.filter((passes) => !rowContexts.some(passes))).toEqual([]);
    const withMenu = rowContexts.filter((context) => conditions.some((passes) => passes(context)));
    expect(withMenu).toEqual(
      rowContexts.filter((context) => !["tasks", "role", "question+answered+running"].includes(context)),
    );
  });
});
