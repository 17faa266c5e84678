import { expect, it, vi } from "vitest";
import { planOutline } from "../../../src/core/model/planPlaces";

vi.mock("vscode", () => ({
  l10n: { t: (text: string, ...more: unknown[]) => text.replace(/\{(\d)\}/g, (_all, at: string) => String(more[+at])) },
  extensions: {
    all: [
      { packageJSON: { contributes: { problemMatchers: [{ name: "tsc" }, { label: "without a name" }] } } },
      { packageJSON: {} },
    ],
  },
}));
const { unknownMatchers } = await import("../../../src/extension/plans/problemMatchers");

it("names in a plan that VS Code does not know are found, with what was likely meant", () => {
  const text =
    'roles: { r: { problems: "$tcs" } }\ntasks:\n  - { id: a, role: r, problems: [$eslint-stylish, tsc, $anything] }\n';
  const found = unknownMatchers(planOutline(text));
  expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(["$tcs", "$anything"]);
  expect(found[0]).toMatchObject({
    message: "VS Code does not know the problem matcher $tcs; did you mean $tsc?",
    mends: [{ how: "replace", wrong: "$tcs", right: "$tsc" }],
  });
  expect(found[1]?.message).toMatch(/; it knows \$eslint-compact, .*\$tsc$/);
  expect(found[1]).not.toHaveProperty("mends");
});
