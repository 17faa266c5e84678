import * as l10n from "@vscode/l10n";

/** A plan to begin with, in a file of that name in `media/templates`; each runs in an empty folder. */
export interface PlanTemplate {
  readonly name: string;
  /** What it is, and what it does. */
  readonly label: string;
  readonly description: string;
}

/** Those that need least come first. */
export function planTemplates(): readonly PlanTemplate[] {
  return [
    {
      name: "build-and-review",
      label: l10n.t("build, then review"),
      description: l10n.t("two roles; the first hands over to the second"),
    },
    { name: "node", label: l10n.t("Node.js package"), description: l10n.t("one module and its test") },
    {
      name: "python",
      label: l10n.t("Python package"),
      description: l10n.t("one module and its test, in an environment of its own"),
    },
    { name: "rust", label: l10n.t("Rust library"), description: l10n.t("built, then tested, with Cargo") },
    { name: "docs", label: l10n.t("documentation"), description: l10n.t("pages whose links are checked") },
    {
      name: "monorepo",
      label: l10n.t("several packages in one folder"),
      description: l10n.t("built at the same time, tested together"),
    },
    {
      name: "two-agents",
      label: l10n.t("two coding agents"),
      description: l10n.t("one writes, the other reviews"),
    },
    {
      name: "docker",
      label: l10n.t("Docker image"),
      description: l10n.t("built and run once; needs a running Docker; not tried with one"),
    },
  ];
}
