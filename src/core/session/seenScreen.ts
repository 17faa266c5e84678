import type { Screen } from "../ports/sessions";
import type { SeenScreen } from "../sense/seenScreen";

/** The screen as rules look at it, of a server's answer in either format. `title`: as the program set it last. */
export function seenScreen({ lines, cursor, alternate_active, private_modes }: Screen, title?: string): SeenScreen {
  return {
    lines: lines.map((row) =>
      typeof row === "string"
        ? row
        : row
            .map((span) => span.text)
            .join("")
            .trimEnd(),
    ),
    cursor,
    alternate_active,
    ...(title === undefined ? {} : { title }),
    ...(private_modes === undefined ? {} : { private_modes }),
  };
}
