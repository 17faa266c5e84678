import { QuickInputButtons } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import type { ShownText } from "../shownText";
import { type ShownInputBox, type ShownInputButton, type ShownItem, type ShownPickBox, window } from "../shownWindow";

/** What a step of a dialog came to: a value, the wish to see the step before, or none when the person left. */
export type StepEnd<T> = { readonly value: T } | "back" | undefined;

/** Runs steps in order, with a way back to what was said there; undefined when the person left. */
export async function runSteps<S>(
  state: S,
  steps: readonly ((state: S, number: number, total: number) => Promise<StepEnd<S>>)[],
): Promise<S | undefined> {
  let now = state;
  let index = 0;
  for (;;) {
    const step = steps[index];
    if (!step) return now;
    const end = await step(now, index + 1, steps.length);
    if (end === undefined) return undefined;
    if (end === "back") index = Math.max(0, index - 1);
    else {
      now = end.value;
      index += 1;
    }
  }
}

interface Step {
  readonly title: ShownText;
  readonly step: number;
  readonly total: number;
}

export interface TextStep extends Step {
  readonly prompt: ShownText;
  readonly value: string;
  readonly placeholder?: ShownText;
  /** What is wrong with the text; undefined when nothing is. */
  readonly problem?: (text: string) => ShownText | undefined;
}

export function askText({ prompt, value, placeholder, problem, ...step }: TextStep): Promise<StepEnd<string>> {
  const input = window.createInputBox();
  input.prompt = prompt;
  input.value = value;
  input.placeholder = placeholder;
  return untilEnd<string>(input, step, (settle) => [
    input.onDidChangeValue((text) => (input.validationMessage = problem?.(text))),
    input.onDidAccept(() => {
      const wrong = problem?.(input.value);
      if (wrong === undefined) settle({ value: input.value });
      else input.validationMessage = wrong;
    }),
  ]);
}

export interface PickStep<I extends ShownItem> extends Step {
  readonly placeholder: ShownText;
  readonly items: readonly I[];
}

export function askPick<I extends ShownItem>({ placeholder, items, ...step }: PickStep<I>): Promise<StepEnd<I>> {
  const pick = window.createQuickPick<I>();
  pick.placeholder = placeholder;
  pick.items = items;
  pick.matchOnDescription = true;
  return untilEnd<I>(pick, step, (settle) => [
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item) settle({ value: item });
    }),
  ]);
}

export interface SeveralStep<I extends ShownItem> extends PickStep<I> {
  /** Those that are chosen from the beginning. */
  readonly picked: readonly I[];
}

export function askSeveral<I extends ShownItem>(wanted: SeveralStep<I>): Promise<StepEnd<readonly I[]>> {
  const { placeholder, items, picked, ...step } = wanted;
  const pick = window.createQuickPick<I>();
  pick.placeholder = placeholder;
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = items;
  pick.selectedItems = picked;
  return untilEnd<readonly I[]>(pick, step, (settle) => [
    pick.onDidAccept(() => settle({ value: pick.selectedItems })),
  ]);
}

/** Shows the box as a step of its dialog until it has come to an end. */
function untilEnd<T>(
  box: ShownInputBox | ShownPickBox<ShownItem>,
  { title, step, total }: Step,
  listen: (settle: (end: StepEnd<T>) => void) => Disposable[],
): Promise<StepEnd<T>> {
  box.title = title;
  box.step = step;
  box.totalSteps = total;
  box.ignoreFocusOut = true;
  if (step > 1) box.buttons = [QuickInputButtons.Back as ShownInputButton];
  return new Promise((resolve) => {
    const settle = (end: StepEnd<T>): void => {
      resolve(end);
      for (const each of disposables) each.dispose();
    };
    const disposables = [
      box,
      ...listen(settle),
      box.onDidTriggerButton(() => settle("back")),
      box.onDidHide(() => settle(undefined)),
    ];
    box.show();
  });
}
