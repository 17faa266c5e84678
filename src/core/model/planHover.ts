import { keyAt, type PlanKey } from "./planKeys";
import { nameAt, type TextPart } from "./planOutline";
import { placeAt, planOutline } from "./planPlaces";

/** What is to be known of a place of a plan. */
export interface PlanHover {
  readonly at: TextPart;
  /** A key, with what its schema says. */
  readonly key?: PlanKey;
  /** A role or task that is named there, as the plan's text describes it. */
  readonly described?: string;
}

/** So many lines of a description are shown. */
const mostLines = 12;

export function planHover(text: string, offset: number): PlanHover | undefined {
  const outline = planOutline(text);
  const name = nameAt(outline, offset);
  if (name && !name.isDefinition) {
    const parts = name.is === "role" ? outline.roles : outline.tasks;
    const part = parts.find((each) => each.name === name.name);
    return part && { at: name.at, described: linesOf(text, part.at) };
  }
  const place = placeAt(text, offset);
  const key = place?.on === "key" ? keyAt(place.path) : undefined;
  return place && key ? { at: place.at, key } : undefined;
}

/** Whole lines without the indentation that they share. */
function linesOf(text: string, { start, end }: TextPart): string {
  const first = text.lastIndexOf("\n", start - 1) + 1;
  const lines = text.slice(first, end).trimEnd().split("\n");
  const margins = lines.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const margin = Math.min(...margins);
  const shown = lines.slice(0, mostLines).map((line) => line.slice(margin));
  return [...shown, ...(lines.length > mostLines ? ["…"] : [])].join("\n");
}
