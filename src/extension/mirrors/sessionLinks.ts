import { hostname } from "node:os";
import { env, l10n, Position, Range, Uri, workspace } from "vscode";
import { createFolders } from "../../adapters/machine/folders";
import { fileWithin } from "../../adapters/machine/fileWithin";
import { isLocalAddress } from "../../adapters/wsh/serverAddress";
import { OrchestratorError } from "../../core/model/errors";
import type { Plan } from "../../core/model/plan";
import { advice, nothingToDo } from "../../core/model/remedy";
import type { PlanWork } from "../../core/ports/plans";
import { readablePlan } from "../../core/run/readPlan";
import { fileOfAddress, type LinkTarget, openableAddress, type ShownLink, targetText } from "../../protocol/links";
import type { LinkOpener } from "../../viewing/mirror";
import type { FollowedProject } from "../../viewing/workspaceRecords";
import { buttonTitle, shown, shownLines } from "../shownText";
import { window } from "../shownWindow";

/** What can be opened: an address in the browser, a file in the editor. */
type Openable =
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "file"; readonly file: string; readonly line: number; readonly column: number };

/** Links on the screen of one session. Whatever a page says of them is looked at again here. */
export class SessionLinks implements LinkOpener {
  /** Read anew only when it is another one: a long plan takes its time. */
  #plan: { readonly text: string | undefined; readonly plan: Promise<Plan | undefined> } | undefined;

  constructor(
    private readonly session: string,
    /** Undefined while its record is not there: then no file is the session's. */
    private readonly followed: () => FollowedProject | undefined,
    private readonly plans: PlanWork,
  ) {}

  async openable(targets: readonly LinkTarget[]): Promise<boolean[]> {
    const folders = await this.#folders();
    return Promise.all(targets.map(async (target) => (await openableOf(target, folders)) !== undefined));
  }

  /** A person sees where a link of a program's leads before it is opened: its text may say anything. */
  async open({ text, target, given }: ShownLink): Promise<void> {
    const openable = await openableOf(target, await this.#folders());
    if (!openable)
      throw new OrchestratorError("usage", l10n.t("{0} cannot be opened from here.", targetText(target)), nothingToDo);
    if (openable.kind === "file") await openFile(openable);
    else if (!given || openable.address === openableAddress(text) || (await isWanted(text, openable.address)))
      await openAddress(openable.address);
  }

  /** The person picks one of them. */
  async choose(links: readonly ShownLink[]): Promise<void> {
    const can = await this.openable(links.map(({ target }) => target));
    const items = links
      .filter((_, index) => can[index])
      .map((link) => {
        const target = targetText(link.target);
        return { label: shown(link.text), ...(target === link.text ? {} : { detail: shown(target) }), link };
      });
    if (items.length === 0)
      throw new OrchestratorError("usage", l10n.t("There is no link in sight."), advice(l10n.t("Scroll to a link.")));
    const picked = await window.showQuickPick(items, {
      title: shown(l10n.t("Open Link")),
      placeHolder: shown(l10n.t("Choose the link to open")),
      matchOnDetail: true,
    });
    if (picked) await this.open(picked.link);
  }

  /** The folders of the session, and of the workspace; none where the session runs on another machine. */
  async #folders(): Promise<string[]> {
    const followed = this.followed();
    const address = followed?.project.server?.address;
    if (!followed || (address !== undefined && !isLocalAddress(address))) return [];
    const base = followed.project.default_cwd;
    const role = followed.record.state.sessions.get(this.session)?.role;
    const text = await followed.ledger.readPlan();
    if (this.#plan?.text !== text) this.#plan = undefined;
    const known = (this.#plan ??= { text, plan: readablePlan(text, this.plans) });
    const { roles = [], tasks = [] } = (await known.plan) ?? {};
    const own = [...roles.filter((each) => each.name === role), ...tasks.filter((each) => each.role === role)];
    const folders = own.flatMap(({ cwd }) => (cwd === undefined ? [] : [createFolders().resolve(base, cwd)]));
    return [...new Set([...folders, base, followed.folder.path])];
  }
}

async function openableOf(target: LinkTarget, folders: readonly string[]): Promise<Openable | undefined> {
  if (target.kind === "file") return openableFile(target, folders);
  const address = openableAddress(target.address);
  const file = address === undefined ? undefined : fileOfAddress(address);
  if (!file) return address === undefined ? undefined : { kind: "address", address };
  const isHere = file.host === "" || file.host.toLowerCase() === hostname().toLowerCase();
  return isHere ? openableFile(file.target, folders) : undefined;
}

async function openableFile(
  { path, line = 1, column = 1 }: LinkTarget & { kind: "file" },
  folders: readonly string[],
): Promise<Openable | undefined> {
  const file = await fileWithin(path, folders);
  return file === undefined ? undefined : { kind: "file", file, line, column };
}

async function openFile({ file, line, column }: Openable & { kind: "file" }): Promise<void> {
  const place = new Position(Math.max(0, line - 1), Math.max(0, column - 1));
  await window.showTextDocument(await workspace.openTextDocument(Uri.file(file)), {
    preview: true,
    selection: new Range(place, place),
  });
}

async function openAddress(address: string): Promise<void> {
  // As it stands: a `Uri` of it would take the encoding out of its query, and with it what an address in it means.
  await env.openExternal(address as unknown as Uri);
}

async function isWanted(text: string, address: string): Promise<boolean> {
  const open = { title: buttonTitle(l10n.t("Open")) };
  const copy = { title: buttonTitle(l10n.t("Copy Address")) };
  const detail = shownLines(l10n.t("The text {0} leads to:\n{1}", `“${text}”`, address));
  const chosen = await window.showWarningMessage(shown(l10n.t("Open this link?")), { modal: true, detail }, open, copy);
  if (chosen === copy) await env.clipboard.writeText(address);
  return chosen === open;
}
