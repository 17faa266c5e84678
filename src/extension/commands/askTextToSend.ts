import { l10n, ThemeIcon } from "vscode";
import { shown, type ShownText } from "../shownText";
import { type ShownInputButton, window } from "../shownWindow";

export interface TypedText {
  readonly text: string;
  /** It was typed unseen, and is to be recorded nowhere. */
  readonly secret: boolean;
}

/**
 * Asks for text to type into a session; a button hides it and shows it again. `hidden`: what runs there asks for a
 * secret. Undefined when the person leaves.
 */
export function askTextToSend(title: ShownText, hidden: boolean): Promise<TypedText | undefined> {
  const hide: ShownInputButton = {
    iconPath: new ThemeIcon("eye-closed"),
    tooltip: shown(l10n.t("Send as a secret: hide the text and keep it out of the log")),
  };
  const show: ShownInputButton = {
    iconPath: new ThemeIcon("eye"),
    tooltip: shown(l10n.t("Show the text and keep it in the log")),
  };
  return new Promise((resolve) => {
    const box = window.createInputBox();
    const look = (password: boolean): void => {
      box.password = password;
      box.buttons = [password ? show : hide];
      box.prompt = shown(
        password
          ? l10n.t("The text is sent with Enter. It is hidden, and the log says only that something was sent.")
          : l10n.t("The text is sent with Enter."),
      );
    };
    box.title = title;
    box.ignoreFocusOut = true;
    look(hidden);
    box.onDidTriggerButton(() => look(!box.password));
    box.onDidAccept(() => {
      resolve({ text: box.value, secret: box.password });
      box.hide();
    });
    box.onDidHide(() => {
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}
