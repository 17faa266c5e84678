import { stringify } from "yaml";

/** The text of a template for a project: its first lines have places for name and goal. */
export function filledTemplate(
  text: string,
  { project, goal }: { readonly project: string; readonly goal: string },
): string {
  const values = { project, goal: goal === "" ? project : goal };
  return text.replace(
    /^(project|goal): (?:PROJECT|GOAL)$/gm,
    (_line, key: "project" | "goal") => `${key}: ${oneLine(values[key])}`,
  );
}

/** Quoted only where that is needed; with line breaks always, in the quotes that JSON has, which YAML reads alike. */
function oneLine(value: string): string {
  return /\p{Cc}/u.test(value) ? JSON.stringify(value) : stringify(value, { lineWidth: 0 }).trimEnd();
}
