import { agoText, brief, listed, plural, sizeText } from "../model/sentences";
import type { Hit, HitFile, HitFiles, HitRecord } from "../ports/targets";
import { visibleText } from "./controlCharacters";

const nameLength = 60;
const mostNames = 3;
const mostProjects = 5;

/**
 * What a command would hit, for the person who is asked about it: the logs of projects first. `now`: milliseconds since
 * 1970.
 */
export function hitSentence(hit: Hit, now: number): string {
  const { records, files, overwritten, changes, stashes } = hit;
  return [
    ...records.map(recordSentence),
    ...files.map(filesSentence).filter((sentence) => sentence !== ""),
    ...(overwritten.count > 0 ? [overwrittenSentence(overwritten, now)] : []),
    ...(changes.count > 0 ? [changesSentence(changes)] : []),
    ...(stashes.lost > 0 ? [stashesSentence(stashes)] : []),
  ].join(" ");
}

function recordSentence({ effect, workspace, isWhole, project_ids }: HitRecord): string {
  const folder = `the .orchestrator folder${workspace === undefined ? "" : ` of ${shownName(workspace)}`}`;
  const rest = project_ids.length > mostProjects ? ", …" : "";
  const names = `${project_ids.slice(0, mostProjects).map(shownName).join(", ")}${rest}`;
  const logs = `logs of ${plural(project_ids.length, "project")} (${names})`;
  return isWhole ? `It would ${effect} ${folder} with the ${logs}.` : `It would ${effect} ${logs} in ${folder}.`;
}

function filesSentence({ effect, files, folders, isAll, names, count }: HitFiles): string {
  if (files + folders === 0) return "";
  const least = isAll ? "" : "at least ";
  if (isAll && files + folders === 1) return `It would ${effect} ${shownName(names[0] ?? "")}.`;
  const where = folders === 0 ? "" : ` in ${plural(folders, "folder")}`;
  const what = files === 0 ? `${plural(folders, "folder")} without files` : `${plural(files, "file")}${where}`;
  return `It would ${effect} ${least}${what}${among(names, count)}.`;
}

function overwrittenSentence({ files, count }: Hit["overwritten"], now: number): string {
  const shown = files.slice(0, mostNames).map((file) => `${shownName(file.name)} ${factsOf(file, now)}`);
  if (count <= shown.length) return `It would overwrite ${listed(shown)}.`;
  return `It would overwrite ${plural(count, "file")}, among them ${listed(shown)}.`;
}

function factsOf({ size, changed_at }: HitFile, now: number): string {
  return `(${sizeText(size)}, changed ${agoText(now - changed_at)})`;
}

function changesSentence({ names, count }: Hit["changes"]): string {
  const have = count === 1 ? "has" : "have";
  return `${plural(count, "file")} ${have} changes that are not committed${among(names, count)}.`;
}

function stashesSentence({ lost, of }: Hit["stashes"]): string {
  return `It would delete ${lost < of ? `${lost} of ${plural(of, "stash")}` : plural(lost, "stash")}.`;
}

/** `: a, b and c`, or some of more: `, among them a and b`. */
function among(names: readonly string[], count: number): string {
  const shown = names.slice(0, mostNames).map(shownName);
  if (shown.length === 0) return "";
  return `${count <= shown.length ? ": " : ", among them "}${listed(shown)}`;
}

/** A name from the file system must not read like a part of the sentence. */
function shownName(name: string): string {
  const shown = brief(visibleText(name), nameLength);
  return /^[\p{L}\p{N}\p{M}/._~@+,=…-]+$/u.test(shown) ? shown : `"${shown.replaceAll('"', "'")}"`;
}
