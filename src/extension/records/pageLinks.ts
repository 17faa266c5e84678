import { setImmediate as immediate } from "node:timers/promises";
import { l10n, Range, type TextDocument, Uri } from "vscode";
import { fileWithin } from "../../adapters/machine/fileWithin";
import { isLocalAddress } from "../../adapters/wsh/serverAddress";
import { mostLinks } from "../../protocol/links";
import { lineText, type PageLine, type PagePlace, type TextPage } from "../../protocol/textPage";
import { linksInText } from "../../protocol/textLinks";
import type { FollowedProject } from "../../viewing/workspaceRecords";
import { shown } from "../shownText";
import type { ShownLink } from "../shownWindow";
import { leadsToCommand } from "./leadsToCommand";

/** UTF-16 units in which links are looked for before others get their turn, and of one line: beyond, nobody reads. */
const unitsInTurn = 10_000;
const longestLine = 5000;

type PageProject = Pick<FollowedProject, "key" | "project" | "folder">;

/** Links of the lines that the document has: it may be about to get others. */
export async function pageLinks(
  document: TextDocument,
  { lines, sections }: TextPage,
  followed: PageProject,
): Promise<ShownLink[]> {
  const links: ShownLink[] = [];
  const found = new Map<string, Promise<string | undefined>>();
  let units = 0;
  for (const [number, line] of lines.entries()) {
    if (links.length >= mostLinks || number >= document.lineCount) break;
    const text = lineText(line);
    if (document.lineAt(number).text !== text) continue;
    const section = sections.find(({ from, to }) => from <= number && number <= to);
    if (line.style !== "output") links.push(...ownLinks(followed.key, line, number));
    else if (section)
      links.push(...(await fileLinks(followed, section.folder, text.slice(0, longestLine), number, found)));
    units += Math.min(text.length, longestLine);
    if (units < unitsInTurn) continue;
    units = 0;
    await immediate();
  }
  return links;
}

async function fileLinks(
  { project, folder }: PageProject,
  sectionFolder: string,
  line: string,
  number: number,
  found: Map<string, Promise<string | undefined>>,
): Promise<ShownLink[]> {
  const address = project.server?.address;
  // Where sessions run on another machine, its files are not here.
  if (address !== undefined && !isLocalAddress(address)) return [];
  const links: ShownLink[] = [];
  for (const { from, to, target } of linksInText(line)) {
    if (target.kind !== "file") continue;
    const folders = [...new Set([sectionFolder, project.default_cwd, folder.path])];
    const name = `${sectionFolder}\0${target.path}`;
    const looked = found.get(name) ?? fileWithin(target.path, folders);
    found.set(name, looked);
    const file = await looked;
    if (file === undefined) continue;
    const place =
      target.line === undefined ? "" : `L${target.line}${target.column === undefined ? "" : `,${target.column}`}`;
    links.push({
      range: new Range(number, from, number, to),
      target: Uri.file(file).with({ fragment: place }),
      tooltip: shown(l10n.t("Open File")),
    });
  }
  return links;
}

/** Parts of the page that lead somewhere. */
function ownLinks(key: string, { parts }: PageLine, number: number): ShownLink[] {
  let end = 0;
  return parts.flatMap(({ text, to }) => {
    const begin = end;
    end += text.length;
    return to ? [{ range: new Range(number, begin, number, end), ...leadsTo(to, key) }] : [];
  });
}

function leadsTo(place: PagePlace, key: string): Pick<ShownLink, "target" | "tooltip"> {
  switch (place.kind) {
    case "session":
      return leadsToCommand(l10n.t("Open Session"), "showSession", { kind: "session", key, name: place.session });
    case "sessionText":
      return leadsToCommand(l10n.t("Open as Text"), "openSessionAsText", { kind: "session", key, name: place.session });
    case "question":
      return leadsToCommand(l10n.t("Review Question…"), "reviewQuestion", place.id);
    case "output":
      return leadsToCommand(l10n.t("Show Output"), "showOutput", { kind: "task", key, name: place.task });
    case "entry":
      return leadsToCommand(l10n.t("Open Log Entry"), "openEntry", { key, entry: { id: place.id } });
    case "entryJson":
      return leadsToCommand(l10n.t("Open as JSON"), "openEntry", { key, entry: { id: place.id } }, { json: true });
  }
}
