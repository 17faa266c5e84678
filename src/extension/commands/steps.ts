import { QuickInputButtons } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import type { ShownText } from "../shownText";
import { type ShownInputButton, type ShownItem, window } from "../shownWindow";

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

export interface TextStep {
  readonly title: ShownText;
  readonly prompt: ShownText;
  readonly value: string;
  readonly placeholder?: ShownText;
  readonly step: number;
  readonly total: number;
  /** What is wrong with the text; undefined when nothing is. */
  readonly problem?: (text: string) => ShownText | undefined;
}

export function askText({
  title,
  prompt,
  value,
  placeholder,
  step,
  total,
  problem,
}: TextStep): Promise<StepEnd<string>> {
  const input = window.createInputBox();
  input.title = title;
  input.prompt = prompt;
  input.value = value;
  input.placeholder = placeholder;
  input.step = step;
  input.totalSteps = total;
  input.ignoreFocusOut = true;
  if (step > 1) input.buttons = [QuickInputButtons.Back as ShownInputButton];
  return untilEnd<string>(
    (settle) => [
      input,
      input.onDidChangeValue((text) => (input.validationMessage = problem?.(text))),
      input.onDidAccept(() => {
        const wrong = problem?.(input.value);
        if (wrong === undefined) settle({ value: input.value });
        else input.validationMessage = wrong;
      }),
      input.onDidTriggerButton(() => settle("back")),
      input.onDidHide(() => settle(undefined)),
    ],
    () => input.show(),
  );
}

export interface PickStep<I extends ShownItem> {
  readonly title: ShownText;
  readonly placeholder: ShownText;
  readonly items: readonly I[];
  readonly step: number;
  readonly total: number;
}

export function askPick<I extends ShownItem>({
  title,
  placeholder,
  items,
  step,
  total,
}: PickStep<I>): Promise<StepEnd<I>> {
  const pick = window.createQuickPick<I>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.items = items;
  pick.step = step;
  pick.totalSteps = total;
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  if (step > 1) pick.buttons = [QuickInputButtons.Back as ShownInputButton];
  return untilEnd<I>(
    (settle) => [
      pick,
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (item) settle({ value: item });
      }),
      pick.onDidTriggerButton(() => settle("back")),
      pick.onDidHide(() => settle(undefined)),
    ],
    () => pick.show(),
  );
}

function untilEnd<T>(
  listen: (settle: (end: StepEnd<T>) => void) => Disposable[],
  show: () => void,
): Promise<StepEnd<T>> {
  return new Promise((resolve) => {
    const disposables = listen((end) => {
      resolve(end);
      for (const each of disposables) each.dispose();
    });
    show();
  });
}
