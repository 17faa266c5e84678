import type { StateLook } from "../../src/protocol/stateLook";

const space = "http://www.w3.org/2000/svg";
const ring = "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zm0 1.2a5.3 5.3 0 1 0 0 10.6a5.3 5.3 0 0 0 0-10.6z";
/** Shapes that tell states apart without colour, by the names that the trees use. */
export const stateShapes: Readonly<Record<string, string>> = {
  "circle-outline": ring,
  "play-circle": `${ring} M6.4 5v6l4.6-3z`,
  question: `${ring} M7.3 10.4h1.4v1.5H7.3zM5.7 6.2a2.3 2.3 0 1 1 3.4 2l-.4.3v1H7.3v-1.7l1-.7a.9.9 0 1 0-1.3-.9z`,
  error: `${ring} M5.9 5L8 7.1L10.1 5l.9.9L8.9 8l2.1 2.1l-.9.9L8 8.9L5.9 11L5 10.1L7.1 8L5 5.9z`,
  "pass-filled": `${ring} M7 11.2L4.3 8.5l.9-.9L7 9.4l3.9-3.9l.9.9z`,
  "circle-slash": `${ring} M3.8 11.4l7.6-7.6l.9.9l-7.6 7.6z`,
  warning: "M8 1.5l7 13H1zm-.7 5v4h1.4v-4zm0 5v1.4h1.4v-1.4z",
  "debug-disconnect": `${ring} M4.5 7.3h7v1.4h-7z`,
  watch: `${ring} M7.3 4.2h1.3v3.7l2.5 1.5l-.7 1.1l-3.1-1.9z`,
  loading: "M8 1.5a6.5 6.5 0 1 1-6.5 6.5h1.2A5.3 5.3 0 1 0 8 2.7z",
};

/** An icon that repeats what the word beside it says. */
export function stateIcon(look: StateLook): SVGElement {
  const icon = document.createElementNS(space, "svg");
  icon.setAttribute("viewBox", "0 0 16 16");
  icon.setAttribute("class", "state-icon");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", stateShapes[look.icon] ?? ring);
  path.setAttribute("fill-rule", "evenodd");
  if (look.color !== undefined) icon.style.color = `var(--vscode-${look.color.replaceAll(".", "-")}, currentColor)`;
  icon.append(path);
  return icon;
}
