import type { WaitKind } from "../../model/stateKinds";
import type { Condition, Pattern, Region, StateRule } from "../programRules";

/** Keys and what they do, as dialogs name them in their last lines. */
export const namesKeys: Pattern =
  /(?:\b(?:enter|return|esc(?:ape)?|tab|space|any key|arrows?|y\/n|ctrl\+[a-z])\b|↑\/?↓|⇆|⏎|↵)\W{0,12}(?:or .{0,12})?(?:to |key to )?(?:confirm|select|choose|submit|continue|proceed|accept|approve|allow|cancel|navigate|move|go back|back|close|exit|quit|dismiss|reject|decline|deny|skip|toggle|change|save|edit|amend)/iu;

/** What a dialog is about, by its own words: the first that holds. */
const subjects: readonly (readonly [WaitKind, RegExp])[] = [
  ["trust", /\btrust\b.{0,60}\b(?:folder|files|director|workspace|project)/iu],
  ["plan", /\b(?:accept|approve|implement|start) (?:the |this )?plan\b/iu],
  [
    "permission",
    /\bpermission (?:is )?(?:required|needed|request)|\b(?:do you want|would you like) to (?:run|execute|allow|use|edit|create|write|make)\b|\bdon['’]t ask again\b|\b(?:allow|approve) (?:once|always|this|tool|execution)\b/iu,
  ],
  ["login", /\b(?:sign|log)(?:ging)? ?in\b|\bAPI key\b|\bauthenticat/iu],
];

/** Where its words stand; the choices may be below them. */
export const dialogRegions: Readonly<Record<string, Region>> = { dialog_words: { bottom: 12 } };

/** A dialog that no recording shows: its kind is what it says that it is about; where it says nothing it is a question. */
export function dialogRules(
  name: string,
  priority: number,
  when: readonly Condition[],
  unless: readonly Condition[] = [],
): StateRule[] {
  const rule = { state: "waiting", priority, confidence: "medium", unless } as const;
  return [
    ...subjects.map(([kind, matches]): StateRule => ({
      ...rule,
      name: `${name}_${kind}`,
      kind,
      when: [...when, { in: "dialog_words", matches, joined: true }],
    })),
    { ...rule, name, kind: "question", when },
  ];
}
