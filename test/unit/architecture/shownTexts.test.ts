import { Linter } from "eslint";
import ts from "typescript-eslint";
import { describe, expect, it } from "vitest";
import type { ShownLines, ShownText } from "../../../src/extension/shownText";
import type {
  problemAt as ProblemAt,
  ShownRow,
  ShownTreeItem,
  ShownView,
  window as ShownWindow,
} from "../../../src/extension/shownWindow";

const { default: config } = (await import(new URL("../../../eslint.config.mjs", import.meta.url).href)) as {
  default: readonly Linter.Config[];
};

/** How often the linter refuses an import of a file there. */
function problems(file: string, code: string): number {
  const imports = "no-restricted-imports";
  const rules = config.flatMap(({ files, ignores, rules }): Linter.Config[] => {
    const rule = rules?.[imports];
    return rule === undefined || files === undefined
      ? []
      : [{ files, ...(ignores ? { ignores } : {}), rules: { [imports]: rule } }];
  });
  const parser = { files: ["**/*.ts"], languageOptions: { parser: ts.parser as Linter.Parser } };
  return new Linter().verify(code, [parser, ...rules], file).length;
}

const somewhere = "src/extension/views/some.ts";

describe("what shows a text in VS Code", () => {
  it.each([
    'import { window } from "vscode";',
    'import { l10n, window } from "vscode";',
    'import { window as other } from "vscode";',
    'import * as vscode from "vscode";',
    'import type { TreeItem } from "vscode";',
    ...["MarkdownString", "TreeItem", "Diagnostic", "TerminalProfile", "CodeLens", "languages", "QuickPickItem"].map(
      (name) => `import { ${name} } from "vscode";`,
    ),
  ])("comes from one file only: %s", (code) => {
    expect(problems(somewhere, code)).toBe(1);
    expect(problems("src/extension/shownWindow.ts", code)).toBe(0);
  });

  it("is all that comes from there", () => {
    expect(problems(somewhere, 'import { l10n, ThemeIcon, type Uri, workspace } from "vscode";')).toBe(0);
  });
});

/** Not called: the compiler reads it. A line that compiles without its text being cleaned is a fault here. */
export function forgetting(
  window: typeof ShownWindow,
  problemAt: typeof ProblemAt,
  text: string,
  place: never,
  clean: ShownText,
  lines: ShownLines,
  view: ShownView<string>,
  item: ShownTreeItem,
): unknown[] {
  // @ts-expect-error a view's name for what is filtered
  view.description = text;
  // @ts-expect-error a view's message
  view.message = text;
  // @ts-expect-error the badge of a view
  view.badge = { value: 1, tooltip: text };
  // @ts-expect-error the tooltip of a row
  item.tooltip = text;
  item.tooltip = lines;
  const bar = window.createStatusBarItem("x", place, 1);
  // @ts-expect-error the status bar
  bar.text = text;
  // @ts-expect-error its tooltip
  bar.tooltip = text;
  // @ts-expect-error what is spoken of it
  bar.accessibilityInformation = { label: text, role: "button" };
  const box = window.createInputBox();
  // @ts-expect-error the prompt of a box
  box.prompt = text;
  // @ts-expect-error what is wrong in a box
  box.validationMessage = text;
  // @ts-expect-error an item of a list
  window.createQuickPick().items = [{ label: text }];
  // @ts-expect-error the label of a row
  const row: Pick<ShownRow, "label"> = { label: text };
  // @ts-expect-error what is spoken of a row
  const spoken: Pick<ShownRow, "spoken"> = { spoken: text };
  return [
    row,
    spoken,
    // @ts-expect-error the text of a message
    window.showWarningMessage(text),
    // @ts-expect-error a message of several lines
    window.showInformationMessage(lines),
    // @ts-expect-error the title of a button
    window.showErrorMessage(clean, { title: text }),
    // @ts-expect-error the detail of a dialog
    window.showWarningMessage(clean, { modal: true, detail: text }),
    // @ts-expect-error an item of a list
    window.showQuickPick([{ label: text }], { placeHolder: clean }),
    // @ts-expect-error what a list asks
    window.showQuickPick([{ label: clean }], { placeHolder: text }),
    // @ts-expect-error what a box asks
    window.showInputBox({ title: clean, prompt: text }),
    // @ts-expect-error the status bar
    window.setStatusBarMessage(text, 1),
    // @ts-expect-error what goes on
    window.withProgress({ location: place, title: text }, () => Promise.resolve()),
    // @ts-expect-error the tab of a page
    window.createWebviewPanel("x", text, place, {}),
    // @ts-expect-error the tab of a terminal
    window.createTerminal({ name: text, pty: {} as never }),
    // @ts-expect-error a problem of a file
    problemAt({} as never, text),
  ];
}
