import { deepEqual, doesNotMatch, equal, ok } from "node:assert/strict";
import { describe, it } from "mocha";
import { workspace } from "vscode";
import { sessionTextScheme } from "../../../../src/extension/identifiers";
import { until } from "../../../support/until";
import { activityEntries, doneProject, entries, probe, run } from "../../support/host";
import { personAtTheWindow } from "../../support/person";

const commandsOfOutput = [
  String.raw`printf '\033]8;;https://evil.example\033\\link\033]8;;\033\\ \033]52;c;ZXZpbA==\a <img src=x onerror=alert(1)> [run](command:workbench.action.quit) $(sync~spin)\n'`,
  "head -c 1000000 /dev/zero | tr '\\0' x; echo",
];

describe("hostile output", () => {
  const person = personAtTheWindow();

  it("is plain and short text in rows, tooltips and documents", async () => {
    const session = await doneProject("hostile", ...commandsOfOutput);
    const { rows, trees } = await probe();
    const own = activityEntries(trees).filter((row) => row.entry.project_id === "hostile");
    ok(own.some((row) => row.entry.output?.includes("onerror") === true));
    const shown = [
      ...(await Promise.all(rows().map((row) => trees.projects.resolveTreeItem(trees.projects.getTreeItem(row), row)))),
      ...own.map((row) => trees.activity.resolveTreeItem(trees.activity.getTreeItem(row), row)),
    ];
    ok(shown.some(({ tooltip }) => tooltip?.includes("onerror") === true));
    for (const item of shown) {
      const words = [item.label, item.description, item.accessibilityInformation?.label].map(String).join(" ");
      doesNotMatch(words, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      ok(words.length < 2000);
      doesNotMatch(words, /\$\(sync|\]\(command/);
      // No markup, which alone could be a link.
      equal(typeof (item.tooltip ?? ""), "string");
      doesNotMatch(item.tooltip ?? "", /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      ok((item.tooltip ?? "").length < 10_000);
    }
    await run("openSessionAsText", session);
    const text = await until("its text is there", () =>
      workspace.textDocuments
        .find((each) => each.uri.scheme === sessionTextScheme && each.uri.path.includes("hostile"))
        ?.getText(),
    );
    doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    await run("killSession", session, { force: true });
    deepEqual(person().errors(), []);
    ok(entries("hostile").length > 0);
  });
});
