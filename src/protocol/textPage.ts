import { padToWidth, textWidth } from "../core/base/textWidth";
import { stripControlCharacters } from "../core/safety/controlCharacters";

/** What a part of a page leads to. `session`: its logical name. */
export type PagePlace =
  | { readonly kind: "session"; readonly session: string }
  /** Its whole screen and history, as text. */
  | { readonly kind: "sessionText"; readonly session: string }
  | { readonly kind: "question"; readonly id: string }
  /** What the task printed, try by try. */
  | { readonly kind: "output"; readonly task: string }
  | { readonly kind: "entry"; readonly id: string }
  /** The entry as it is in the log. */
  | { readonly kind: "entryJson"; readonly id: string };

export interface PagePart {
  readonly text: string;
  readonly to?: PagePlace;
}

/**
 * `output`: what a program printed, or somebody wrote; names of files in it lead to these. `act`: is there for what it
 * leads to alone.
 */
export type PageStyle = "title" | "heading" | "text" | "command" | "output" | "act";

export interface PageLine {
  readonly style: PageStyle;
  readonly parts: readonly PagePart[];
}

/** From its first line to its last one; lines from 0. */
export interface PageExtent {
  readonly title: string;
  readonly from: number;
  readonly to: number;
}

/** Begins with its heading. */
export interface PageSection extends PageExtent {
  /** Where the paths that its output names begin; absolute. */
  readonly folder: string;
  readonly commands: readonly PageExtent[];
}

/** A page to read, whose lines are links, and whose sections fold. */
export interface TextPage {
  readonly lines: readonly PageLine[];
  readonly sections: readonly PageSection[];
}

export function lineText({ parts }: PageLine): string {
  return parts.map(({ text }) => text).join("");
}

/** A page while it is written. No text of it has control characters or line breaks. */
export class WrittenPage implements TextPage {
  readonly lines: PageLine[] = [];
  readonly sections: PageSection[] = [];

  add(style: PageStyle, ...parts: readonly PagePart[]): void {
    this.lines.push({ style, parts: parts.map((part) => ({ ...part, text: oneLine(part.text) })) });
  }

  blank(): void {
    this.lines.push({ style: "text", parts: [] });
  }

  /** `write` adds what stands below the heading, and gives the commands in it. */
  section(title: string, folder: string, write: () => readonly PageExtent[]): void {
    this.blank();
    const begin = this.lines.length;
    this.add("heading", { text: title });
    const commands = write();
    this.sections.push({ title, from: begin, to: this.lines.length - 1, folder, commands });
  }

  /** What `write` adds, for the outline. */
  part(title: string, write: () => void): PageExtent {
    const from = this.lines.length;
    write();
    return { title, from, to: this.lines.length - 1 };
  }

  /** Names in a column, what is said of each beside it; what is undefined is left out. */
  facts(facts: readonly (readonly [string, PagePart | undefined])[]): void {
    const width = Math.max(...facts.map(([name]) => textWidth(name))) + 2;
    for (const [name, value] of facts) if (value) this.add("text", { text: padToWidth(`${name}:`, width) }, value);
  }
}

function oneLine(text: string): string {
  return stripControlCharacters(text).replace(/\n/g, " ");
}

/** What a program printed, in lines; none for nothing. */
export function outputRows(text: string): string[] {
  const rows = stripControlCharacters(text).replace(/\n+$/, "").split("\n");
  return rows.length === 1 && rows[0] === "" ? [] : rows;
}
