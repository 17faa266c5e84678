/** Colours that are told apart from the background of a dark and of a light editor, by 3 to 1 at least. */
const colors = {
  good: ["#73c991", "#388a34"],
  bad: ["#f48771", "#c72e0f"],
  attention: ["#e2c08d", "#895503"],
  active: ["#4daafc", "#005fb8"],
  quiet: ["#9d9d9d", "#616161"],
} as const;

/** The same signs as the rows of the tree have, since decorations of a line take pictures only. */
const signs: Readonly<Record<string, { readonly color: keyof typeof colors; readonly path: string }>> = {
  pass: { color: "good", path: "M5 8.2l2.1 2.1L11.2 6" },
  error: { color: "bad", path: "M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6" },
  "play-circle": { color: "active", path: "M6.7 5.4v5.2L10.8 8z" },
  "circle-slash": { color: "attention", path: "M3.8 12.2l8.4-8.4" },
  "stop-circle": { color: "attention", path: "M6 6h4v4H6z" },
  question: { color: "attention", path: "M6.2 6.4c0-2.4 3.6-2.2 3.6 0 0 1.4-1.8 1.3-1.8 2.8M8 11v.6" },
  "pass-filled": { color: "good", path: "M5 8.2l2.1 2.1L11.2 6" },
  loading: { color: "active", path: "M8 5v3l2 1.5" },
  watch: { color: "attention", path: "M8 5v3l2 1.5" },
  warning: { color: "attention", path: "M8 4.8v3.6M8 10.6v.4" },
  "debug-disconnect": { color: "bad", path: "M3.8 12.2l8.4-8.4" },
  "circle-outline": { color: "quiet", path: "" },
  "debug-step-over": { color: "quiet", path: "M5 8h6M9 6l2 2-2 2" },
  "circle-large-outline": { color: "quiet", path: "" },
};

/** An icon of VS Code's set as a picture: a circle with a sign in it. */
export function stateIcon(name: string): { readonly dark: string; readonly light: string } {
  const { color, path } = signs[name] ?? { color: "quiet", path: "" };
  const [dark, light] = colors[color];
  return { dark: svg(dark, path), light: svg(light, path) };
}

function svg(color: string, path: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">` +
    `<g fill="none" stroke="${color}" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round">` +
    `<circle cx="8" cy="8" r="5.9"/><path d="${path}"/></g></svg>`
  );
}
