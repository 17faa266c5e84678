import type { EntryPage } from "../records/entryPage";
import type { SideViews } from "../views/sideViews";
import { isLook } from "./targets";

/** An entry with what belongs to it: that of a row or link, else the one that is chosen in Activity. */
export async function openEntry(
  page: EntryPage,
  views: Pick<SideViews, "chosenEntry">,
  argument: unknown,
  options: unknown,
): Promise<void> {
  const place = entryPlace(argument, views);
  if (place) await page.show(place.entry.id, place.key, { json: isJson(options), look: isLook(options) });
}

/** Of a row or link, else the one that is chosen in Activity. */
export function entryPlace(argument: unknown, views: Pick<SideViews, "chosenEntry">): EntryPlace | undefined {
  return isEntryPlace(argument) ? argument : views.chosenEntry();
}

export interface EntryPlace {
  /** The project's. */
  readonly key: string;
  readonly entry: { readonly id: string };
}

export function isEntryPlace(value: unknown): value is EntryPlace {
  if (typeof value !== "object" || value === null || !("key" in value) || !("entry" in value)) return false;
  const { key, entry } = value;
  return (
    typeof key === "string" &&
    typeof entry === "object" &&
    entry !== null &&
    "id" in entry &&
    typeof entry.id === "string"
  );
}

function isJson(options: unknown): boolean {
  return typeof options === "object" && options !== null && "json" in options && options.json === true;
}
