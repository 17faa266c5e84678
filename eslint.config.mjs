import js from "@eslint/js";
import ts from "typescript-eslint";

/** The only file that hands text to VS Code. */
const textsOfVsCode = ["src/extension/shownWindow.ts", "src/extension/shownTasks.ts"];

/** What of VS Code's shows a person no text; everything else is only in that file. */
const namesWithoutText = [
  ...["commands", "env", "extensions", "l10n", "workspace"],
  ...["ConfigurationTarget", "ExtensionMode", "ProgressLocation", "QuickPickItemKind", "StatusBarAlignment"],
  ...[
    "Tab",
    "TabInputTerminal",
    "TabInputText",
    "TerminalExitReason",
    "TerminalLocation",
    "TreeItemCollapsibleState",
    "ViewColumn",
    "QuickInputButtons",
    "RelativePattern",
  ],
  ...["Location", "SnippetString", "WorkspaceEdit", "TextEditor", "TextEditorDecorationType", "CancellationToken"],
  ...["Event", "EventEmitter", "Position", "Range", "ThemeColor", "ThemeIcon", "Uri"],
  ...["ExtensionContext", "Memento", "SecretStorage", "Pseudoterminal", "Terminal", "TerminalDimensions"],
  ...[
    "DataTransfer",
    "DataTransferItem",
    "TextDocument",
    "TextDocumentContentProvider",
    "TextEditor",
    "TextEditorRevealType",
    "FoldingRange",
    "Selection",
    "SymbolKind",
    "WorkspaceFolder",
  ],
  ...["TreeDataProvider", "TreeDragAndDropController", "Webview", "WebviewPanelSerializer"],
];

export default ts.config(
  { ignores: ["dist/**", "node_modules/**"] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-control-regex": "off",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Name what you export." },
        { selector: "ExportAllDeclaration", message: "No barrels." },
      ],
      "max-lines": ["error", { max: 400, skipBlankLines: false, skipComments: false }],
    },
  },
  {
    files: ["webview-ui/**", "test/pages/**"],
    languageOptions: { parserOptions: { project: "./webview-ui/tsconfig.json", tsconfigRootDir: import.meta.dirname } },
  },
  {
    files: ["src/**"],
    ignores: ["src/extension/**"],
    rules: { "no-restricted-imports": ["error", { paths: ["vscode"] }] },
  },
  {
    files: ["src/extension/**"],
    ignores: textsOfVsCode,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "vscode",
              allowImportNames: namesWithoutText,
              message: "What shows text takes it cleaned: use shownWindow.ts, or add it there.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["src/core/**"],
    rules: {
      "no-restricted-globals": [
        "error",
        "process",
        "Buffer",
        "setTimeout",
        "setInterval",
        "setImmediate",
        "console",
        "require",
        "__dirname",
      ],
      "no-restricted-imports": [
        "error",
        { patterns: ["node:*", "vscode", "ws", "**/adapters/**", "**/embedded/**", "**/extension/**", "**/cli/**"] },
      ],
    },
  },
  {
    files: ["test/support/*Reporter.ts", "vitest.config.mts", "eslint.config.mjs"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["**/*.mjs"],
    ...ts.configs.disableTypeChecked,
    languageOptions: {
      ...ts.configs.disableTypeChecked.languageOptions,
      globals: { process: "readonly", console: "readonly", URL: "readonly" },
    },
    rules: { ...ts.configs.disableTypeChecked.rules, "@typescript-eslint/explicit-module-boundary-types": "off" },
  },
);
