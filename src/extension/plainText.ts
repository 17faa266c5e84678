import { brief } from "../core/model/sentences";
import { stripControlCharacters } from "../core/safety/controlCharacters";

/** A message has room for this much; what it is about is in the record. */
const longestMessage = 600;

/**
 * For messages, where VS Code would make links, even of commands, out of `[text](address)`, and where a stranger's
 * record could reorder or hide what is said. One line.
 */
export function plainMessage(text: string): string {
  return brief(stripControlCharacters(text).replaceAll("](", "] ("), longestMessage);
}

/** For lists to choose from, where VS Code would show `$(name)` as an icon, and so hide it. */
export function plainLabel(text: string): string {
  return text.replace(/\\?\$\([a-z0-9-]+(?:~[a-z0-9-]+)?\)/gi, (icon) => (icon.startsWith("\\") ? icon : `\\${icon}`));
}
