import { commands, ConfigurationTarget, env, l10n, ThemeIcon, Uri, workspace } from "vscode";
import { normalAddress, parseServerAddress } from "../../adapters/wsh/serverAddress";
import { startBuiltin } from "../../adapters/wsh/serverChoice";
import { messageOf } from "../../core/model/errors";
import type { HostWorld } from "../hostWorld";
import { configurationSection, viewIds } from "../identifiers";
import { buttonTitle, shown, shownLines, type ShownText } from "../shownText";
import { type ShownItem, window } from "../shownWindow";
import { projectsAt } from "../serverQuestions";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import { isForced } from "./targets";

/** Where people read how wsh is installed and started. */
const wshPage = "https://github.com/deepgram/wsh#readme";

interface ServerItem extends ShownItem {
  /** For the setting; undefined: something else is done. */
  readonly server?: string;
  readonly does?: "ask" | "install";
}

/** What a person does about the server that sessions run on. */
export class ServerCommands {
  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
  ) {}

  /** Offers what runs here, our own, an address, and how to get wsh; the choice is kept in the user's settings. */
  async choose(): Promise<void> {
    const { world } = this;
    const now = world.settings().server ?? "";
    const picked = await window.showQuickPick(this.#items(now), {
      title: shown(l10n.t("Where Sessions Run")),
      placeHolder: shown(l10n.t("Existing projects keep their server unless you choose one here")),
      matchOnDescription: true,
    });
    if (!picked) return;
    if (picked.does === "install") {
      await env.openExternal(Uri.parse(wshPage));
      return;
    }
    const server = picked.does === "ask" ? await askAddress(now) : picked.server;
    if (server !== undefined && server !== now)
      await workspace
        .getConfiguration(configurationSection)
        .update("server", server === "" ? undefined : server, ConfigurationTarget.Global);
  }

  async start(): Promise<void> {
    this.world.requireTrust();
    const running = await startBuiltin(this.world.launcher);
    void window.showInformationMessage(
      shown(l10n.t("The built-in session server is running (process {0}).", running.pid)),
    );
  }

  /** A caller with `{force: true}` has decided; else the person is asked. */
  async stop(options: unknown): Promise<void> {
    const { findBuiltinServer, stopBuiltinServer } = await import("../../embedded/launch");
    if (!(await findBuiltinServer())) {
      void window.showInformationMessage(shown(l10n.t("The built-in session server is not running.")));
      return;
    }
    const [look, stop] = [
      { title: buttonTitle(l10n.t("Show Projects")) },
      { title: buttonTitle(l10n.t("Stop Server")) },
    ];
    // A mere Enter takes the first button.
    const chosen = isForced(options)
      ? stop
      : await window.showWarningMessage(
          shown(l10n.t("Stop the built-in session server?")),
          { modal: true, detail: shownLines(l10n.t("All of its sessions end, including those of other windows.")) },
          look,
          stop,
        );
    if (chosen === look) await commands.executeCommand(`${viewIds.projects}.focus`);
    if (chosen === stop) await stopBuiltinServer();
  }

  /** Of the server with that address; without one the person is asked for it. */
  async setToken(address: unknown): Promise<void> {
    const server =
      typeof address === "string"
        ? address
        : await window.showInputBox({
            title: shown(l10n.t("wsh Server Token")),
            prompt: shown(l10n.t("Address of the server")),
            value: this.world.settings().server ?? "",
            ignoreFocusOut: true,
            validateInput: addressProblem,
          });
    if (server === undefined || server.trim() === "") return;
    const token = await window.showInputBox({
      title: shown(l10n.t("Token of {0}", server)),
      prompt: shown(l10n.t("The token is kept in the secret storage of VS Code. Leave it empty to remove the token.")),
      password: true,
      ignoreFocusOut: true,
    });
    if (token !== undefined) await this.world.keepToken(server.trim(), token);
  }

  /**
   * Asks whether a server is used that the files of projects name: the one with that address, the one of a row's
   * project, or one that the person picks.
   */
  async use(argument: unknown): Promise<void> {
    const { world, records } = this;
    world.requireTrust();
    const address = typeof argument === "string" ? argument : await this.#namedAddress(argument);
    if (address === undefined) return;
    const { text } = parseServerAddress(address);
    // A mere Enter takes the first button.
    const [other, use] = [{ title: shown(l10n.t("Choose Server…")) }, { title: shown(l10n.t("Use Server")) }];
    const detail = shownLines(
      l10n.t(
        "Named by the files of: {0}.\nA server sees what is typed into its sessions, and decides what they show. Use only one that you know.",
        projectsAt(records, text).join(", "),
      ),
    );
    const chosen = await window.showInformationMessage(
      shown(l10n.t("Use the session server {0}?", text)),
      { modal: true, detail },
      other,
      use,
    );
    if (chosen === other) await this.choose();
    if (chosen !== use) return;
    if (!(await world.chosen.keep(text, "yes")))
      void window.showWarningMessage(
        shown(l10n.t("{0} is used in this window only: that you chose it could not be saved.", text)),
      );
    records.lookSoon();
  }

  /** Of the row's project, or picked among those that nobody chose. */
  async #namedAddress(argument: unknown): Promise<string | undefined> {
    const { records, world } = this;
    const key = typeof argument === "object" && argument !== null && "key" in argument ? argument.key : undefined;
    const named = records.all().filter((followed) => key === undefined || followed.key === key);
    const addresses = new Set(
      named.flatMap(({ project: { server } }) =>
        server === undefined || server.builtin === true ? [] : (normalAddress(server.address) ?? []),
      ),
    );
    const unchosen: string[] = [];
    for (const address of addresses) if ((await world.chosen.answerFor(address)) !== "yes") unchosen.push(address);
    if (unchosen.length === 0) {
      void window.showInformationMessage(
        shown(l10n.t("The projects of this workspace name no server that you have not chosen.")),
      );
      return undefined;
    }
    if (key !== undefined && unchosen.length === 1) return unchosen[0];
    const items = unchosen.map((address) => ({ label: shown(address), address }));
    const placeHolder = shown(l10n.t("Session Servers That Projects Name"));
    return (await window.showQuickPick(items, { placeHolder }))?.address;
  }

  async #items(now: string): Promise<ServerItem[]> {
    const { world } = this;
    const [found, own] = await Promise.all([world.runningWsh(), world.launcher.find()]);
    const mark = (server: string): Pick<ShownItem, "iconPath"> =>
      server === now ? { iconPath: new ThemeIcon("check") } : {};
    const wsh = found.map(({ address, version }): ServerItem => ({
      ...mark(address),
      label: shown(`wsh ${version}`),
      description: shown(address),
      server: address,
    }));
    const canStart = own !== undefined || (await world.canStartBuiltin());
    const builtin: ServerItem = {
      ...mark("builtin"),
      label: shown(l10n.t("Built-in session server")),
      description: shown(
        own
          ? l10n.t("running (process {0})", own.pid)
          : canStart
            ? l10n.t("starts when it is needed")
            : l10n.t(
                "cannot start: this package has no terminal library for {0}",
                `${process.platform}-${process.arch}`,
              ),
      ),
      server: "builtin",
    };
    return [
      {
        ...mark(""),
        label: shown(l10n.t("Automatic")),
        description: shown(
          found.length === 1
            ? l10n.t("now: {0}", found[0]?.address ?? "")
            : found.length === 0
              ? l10n.t("now: the built-in session server, because no wsh is running here")
              : l10n.t("now: none, because several wsh servers are running here"),
        ),
        server: "",
      },
      ...wsh,
      builtin,
      {
        iconPath: new ThemeIcon("edit"),
        label: shown(l10n.t("Type an address…")),
        description: shown("http://127.0.0.1:8080"),
        does: "ask",
      },
      {
        iconPath: new ThemeIcon("link-external"),
        label: shown(l10n.t("How to install wsh")),
        description: shown(wshPage),
        does: "install",
      },
    ];
  }
}

function askAddress(value: string): Thenable<string | undefined> {
  return window.showInputBox({
    title: shown(l10n.t("Address of wsh Server")),
    prompt: shown(l10n.t("For example http://127.0.0.1:8080 or unix:/run/user/1000/wsh.sock")),
    value: value === "builtin" ? "" : value,
    ignoreFocusOut: true,
    validateInput: addressProblem,
  });
}

function addressProblem(text: string): ShownText | undefined {
  try {
    if (text.trim() !== "") parseServerAddress(text.trim());
    return undefined;
  } catch (error) {
    return shown(messageOf(error));
  }
}
