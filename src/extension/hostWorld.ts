import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { l10n, type SecretStorage, Uri, workspace } from "vscode";
import type { FileProjectStore } from "../adapters/ledger/fileProjectStore";
import { createIds } from "../adapters/ledger/ids";
import { agentMachine } from "../adapters/machine/agentMachine";
import { createFolders } from "../adapters/machine/folders";
import { createLocalPorts } from "../adapters/machine/localPorts";
import { projectFiles } from "../adapters/machine/projectFiles";
import { ChosenAddressFiles } from "../adapters/machine/chosenAddressFiles";
import { createPlaceOwners } from "../adapters/machine/placeOwners";
import { userKey } from "../adapters/machine/userKey";
import { userName } from "../adapters/machine/userName";
import { putLauncher } from "../adapters/machine/cliLauncher";
import { createConsentKeeper } from "../adapters/machine/consentKeeper";
import { TextThread, startTextThread } from "../adapters/machine/textThread";
import { FolderWatch } from "../adapters/machine/folderWatch";
import { createProcesses } from "../adapters/machine/processes";
import { agentFolder, readRuleFiles, ruleFolder } from "../adapters/machine/ruleFiles";
import { systemClock } from "../adapters/machine/systemClock";
import { isLocalAddress, parseServerAddress } from "../adapters/wsh/serverAddress";
import { type BuiltinLauncher, ServerChoice } from "../adapters/wsh/serverChoice";
import type { RunProjectWorld } from "../core/acts/runRequest";
import type { SessionEnvironment } from "../core/session/callerEnvironment";
import type { CommandLinePlace } from "../core/session/sessionSpec";
import { hasCode, messageOf, OrchestratorError } from "../core/model/errors";
import { workspaceTag } from "../core/model/names";
import { OwnCatalog } from "../core/sense/ownCatalog";
import { OwnAgentCatalog } from "../core/session/ownAgentCatalog";
import type { OwnRuleFile } from "../core/sense/ownRules";
import type { RuleCatalog } from "../core/sense/senseTerminal";
import type { Clock, Folders, Ids, Logger, Processes } from "../core/ports/machine";
import type { ChosenServer, ServerInfo } from "../core/ports/sessions";
import type { AgentCatalog } from "../core/model/agentProfile";
import type { AgentMachine } from "../core/ports/agents";
import type { ConsentKeeper } from "../core/ports/consent";
import type { PlanWork } from "../core/ports/plans";
import type { Policy } from "../core/ports/safety";
import type { ChosenAddresses, PlaceOwners } from "../core/ports/servers";
import type { Redactor } from "../core/safety/redaction";
import { plansHere } from "../core/run/plansHere";
import type { RunningServer } from "../embedded/launchPublished";
import { KeptSettings } from "./keptSettings";
import type { Settings } from "./settings";
import type { OutputLog } from "./shownWindow";
import { WindowEnvironment, windowVariables } from "./windowEnvironment";

const tokenPrefix = "token:";

/** The world of the engine as it is in an extension host; each part is made when it is first asked for. */
export class HostWorld {
  readonly clock: Clock = systemClock;
  readonly ids: Ids = createIds(() => systemClock.now());
  readonly logger: Logger;
  readonly user: string;
  readonly windowEnvironment = new WindowEnvironment();
  readonly #settings = new KeptSettings();
  readonly launcher: BuiltinLauncher<RunningServer> = {
    published: async () => (await import("../embedded/launchPublished")).publishedServer(),
    find: async () => (await import("../embedded/launch")).findBuiltinServer(),
    hasEnded: async (remembered) => (await import("../embedded/launch")).hasBuiltinEnded(remembered),
    start: async () => (await import("../embedded/launch")).startBuiltinServer({ bundle: this.program("server.js") }),
  };
  readonly #texts = new TextThread({
    here: plansHere,
    start: () => startTextThread(this.program("textThread.js")),
    clock: systemClock,
  });
  readonly plans: PlanWork = this.#texts;
  readonly #stores = new Map<string, FileProjectStore>();
  #redactor: Promise<Redactor> | undefined;
  #processes: Promise<Processes> | undefined;
  #consents: ConsentKeeper | undefined;
  #ownRules: OwnCatalog | undefined;
  #ruleWatch: FolderWatch | undefined;
  #servers: ServerChoice | undefined;
  /** Of settings that have changed; what was begun with them still uses them. */
  readonly #formerServers: ServerChoice[] = [];
  #serversFor: string | undefined;
  /** Tokens that servers were reached with, by address: a window that closes has no time to ask for one. */
  readonly #usedTokens = new Map<string, string>();
  readonly chosen: ChosenAddresses = new ChosenAddressFiles({
    env: process.env,
    clock: systemClock,
    mayAnswer: () => Promise.resolve(true),
  });
  readonly owners: PlaceOwners = createPlaceOwners();
  /** Hears of servers that only the files of a project name; nothing was sent to them. */
  unchosenServer: (address: string) => void = () => undefined;
  /** Hears of files with the user's own rules or agents that are not used. */
  rulesNotUsed: (error: OrchestratorError) => void = () => undefined;
  readonly #ownAgents = new OwnAgentCatalog(
    () => readRuleFiles(agentFolder(process.env)),
    (error) => this.rulesNotUsed(error),
  );
  /** Hears what the files with the user's own rules are worth, each time that they were read. */
  rulesRead: (files: readonly OwnRuleFile[]) => void = () => undefined;

  constructor(
    private readonly extensionFolder: string,
    private readonly secrets: SecretStorage,
    log: OutputLog,
  ) {
    this.logger = { debug: (message) => log.debug(message), warn: (message) => log.warn(message) };
    this.user = userName(process.env);
  }

  get actor(): string {
    return `human:${this.user}`;
  }

  settings(folder?: string): Settings {
    return this.#settings.of(folder);
  }

  quietAfterMs(): number {
    return this.settings().quietAfterMs;
  }

  get redactor(): Promise<Redactor> {
    this.#redactor ??= import("../core/safety/redaction").then(async ({ createRedactor }) => {
      const redactor = createRedactor({
        key: userKey(process.env, "redaction-key") ?? randomBytes(16).toString("hex"),
      });
      const { hideSecretValues } = await import("../core/safety/secretVariables");
      // Sessions have them too, and may print them.
      hideSecretValues(redactor, process.env);
      return redactor;
    });
    return this.#redactor;
  }

  get consents(): ConsentKeeper {
    this.#consents ??= createConsentKeeper(process.env, this.clock);
    return this.#consents;
  }

  get processes(): Promise<Processes> {
    this.#processes ??= createProcesses();
    return this.#processes;
  }

  /**
   * The records of one workspace folder. What reads them is loaded with the first: a window without a project needs
   * none of it.
   */
  async store(folder: string): Promise<FileProjectStore> {
    // One after the other, each in a turn of the host's event loop.
    const redactor = await this.redactor;
    const { createSanitizer } = await import("../core/safety/sanitize");
    await import("../core/model/schemas");
    const { FileProjectStore } = await import("../adapters/ledger/fileProjectStore");
    let store = this.#stores.get(folder);
    if (!store) {
      store = new FileProjectStore(folder, {
        clock: this.clock,
        ids: this.ids,
        sanitize: createSanitizer({ redact: (text) => redactor.redact(text) }),
        logger: this.logger,
      });
      this.#stores.set(folder, store);
    }
    return store;
  }

  folders(address: string): Folders {
    return createFolders({ local: isLocalAddress(address) });
  }

  /** The rules by which it is known what programs do. */
  programRules(): Promise<RuleCatalog> {
    this.#ownRules ??= this.#watchedRules();
    return this.#ownRules.catalog();
  }

  /** Where the user's own rules are. */
  get ruleFolder(): string {
    return ruleFolder(process.env);
  }

  /** The user's own rules are read again when one of their files changes. */
  #watchedRules(): OwnCatalog {
    const folder = this.ruleFolder;
    const rules = new OwnCatalog(
      () => readRuleFiles(folder),
      this.#texts,
      (error) => this.rulesNotUsed(error),
    );
    rules.onRead((files) => this.rulesRead(files));
    this.#ruleWatch = new FolderWatch(folder, this.clock, () => {
      rules.reload().catch((error: unknown) => this.logger.warn(messageOf(error)));
    });
    return rules;
  }

  /** The agents that a plan can name, the user's own among them. */
  agents(): Promise<AgentCatalog> {
    return this.#ownAgents.catalog();
  }

  /** What is known of agents where the sessions of that server run. */
  agentMachine(address: string): AgentMachine | undefined {
    return isLocalAddress(address) ? agentMachine : undefined;
  }

  async policy(): Promise<Policy> {
    const { createDefaultPolicy } = await import("../core/safety/defaultPolicy");
    return createDefaultPolicy();
  }

  /** False in Restricted Mode. */
  isTrusted(): boolean {
    return workspace.isTrusted;
  }

  /** Throws `needs_person` in Restricted Mode, where nothing is started or typed. */
  requireTrust(): void {
    if (workspace.isTrusted) return;
    throw new OrchestratorError(
      "needs_person",
      l10n.t("This workspace is not trusted, so nothing is started or typed here."),
      { kind: "trust_workspace" },
    );
  }

  get servers(): ServerChoice {
    const asked = this.settings().server;
    const wanted = asked ?? "";
    if (this.#servers && this.#serversFor === wanted) return this.#servers;
    if (this.#servers) this.#formerServers.push(this.#servers);
    this.#serversFor = wanted;
    this.#servers = new ServerChoice({
      asksFor: "always",
      asked,
      env: process.env,
      chosen: this.chosen,
      owners: this.owners,
      // A person answers in their own time, and what wants the server is tried again.
      ask: (address) => {
        this.unchosenServer(address);
        return Promise.resolve(undefined);
      },
      tokens: { tokenFor: (address) => this.token(address), isWithheld: () => Promise.resolve(false) },
      certificates: undefined,
      clock: this.clock,
      logger: this.logger,
      launcher: this.launcher,
      processes: async () => (await import("../adapters/machine/serverProcesses")).createServerProcesses(),
    });
    return this.#servers;
  }

  /** wsh servers of this machine that answer without a token. */
  async runningWsh(): Promise<ServerInfo[]> {
    const { findWshServers } = await import("../adapters/wsh/findServers");
    return (await findWshServers({ clock: this.clock, owners: this.owners })).flatMap(({ info }) =>
      info.implementation === "wsh" ? [info] : [],
    );
  }

  /** False where this package has no terminal library for the machine. */
  async canStartBuiltin(): Promise<boolean> {
    return (await import("../embedded/launchCopy")).hasTerminalLibrary(this.program("server.js"));
  }

  /** Whether sessions have a server to run on, or one can be started. Nothing is started for the answer. */
  async hasServer(): Promise<boolean> {
    const { server } = this.settings();
    if (server !== undefined && server !== "builtin") {
      const problem = await this.servers.asReference({ address: server, server_id: null }).then(
        () => undefined,
        (error: unknown) => error,
      );
      return !hasCode(problem, "server_unreachable");
    }
    return (
      (await this.canStartBuiltin()) ||
      (await this.launcher.find()) !== undefined ||
      (server === undefined && (await this.runningWsh()).length > 0)
    );
  }

  /** The token that the server at that address was reached with. */
  usedToken(address: string): string | undefined {
    return this.#usedTokens.get(address);
  }

  /** Of the server at that address, in its normal form. */
  async token(address: string): Promise<string | undefined> {
    const token = await this.secrets.get(tokenPrefix + address);
    if (token !== undefined) this.#usedTokens.set(address, token);
    return token;
  }

  /** Throws `usage` for what is no address. */
  async keepToken(address: string, token: string | undefined): Promise<void> {
    const { text } = parseServerAddress(address);
    if (token === undefined || token === "") await this.secrets.delete(tokenPrefix + text);
    else await this.secrets.store(tokenPrefix + text, token);
    this.#usedTokens.delete(text);
  }

  /** Where sessions on that server find the command line; undefined where they do not. */
  async commandLine(chosen: ChosenServer, workspace: string): Promise<CommandLinePlace | undefined> {
    const folder = (await this.#runsAsThisUser(chosen)) ? await this.commandFolder() : undefined;
    return folder === undefined ? undefined : { folder, workspace };
  }

  /** What new sessions on that server get of this window's environment. */
  async environment(chosen: ChosenServer, folder: string): Promise<SessionEnvironment> {
    const { hideSecretValues } = await import("../core/safety/secretVariables");
    hideSecretValues(await this.redactor, windowVariables(folder));
    return this.windowEnvironment.of(folder, await this.#runsAsThisUser(chosen));
  }

  async #runsAsThisUser(chosen: ChosenServer): Promise<boolean> {
    const { runsAsThisUser } = await import("../core/session/serverNearby");
    const { ownerOfPlace } = await import("../adapters/wsh/standardPlaces");
    return runsAsThisUser(chosen, hostname(), (address) => ownerOfPlace(address, this.owners));
  }

  fingerprints(folder: string): SessionEnvironment["fingerprints"] | undefined {
    return this.windowEnvironment.fingerprints(folder);
  }

  /** What a run of a project of that workspace folder needs. */
  async runWorld(folder: string): Promise<RunProjectWorld> {
    const { actor, user, clock, ids, logger } = this;
    return {
      actor,
      user,
      workspaceTag: workspaceTag(folder),
      store: await this.store(folder),
      redactor: await this.redactor,
      plans: this.plans,
      processes: await this.processes,
      consents: this.consents,
      clock,
      ids,
      logger,
      chooseServer: (known) => this.servers.forProject(known),
      folders: (address) => this.folders(address),
      ports: (address) => (isLocalAddress(address) ? createLocalPorts() : undefined),
      agentMachine: (address) => this.agentMachine(address),
      callersFolders: createFolders(),
      policy: () => this.policy(),
      programRules: () => this.programRules(),
      agents: () => this.agents(),
      files: projectFiles,
      commandLine: (chosen) => this.commandLine(chosen, folder),
      environment: (chosen) => this.environment(chosen, folder),
      planFile: () => "plan.yaml",
    };
  }

  /** The folder with the command line as a command; undefined where it cannot be written. */
  async commandFolder(): Promise<string | undefined> {
    const { commandFolder } = await import("../embedded/launchPlaces");
    const folder = commandFolder();
    try {
      await putLauncher({ folder, runtime: process.execPath, program: this.program("cli.js") });
      return folder;
    } catch (error) {
      this.logger.warn(messageOf(error));
      return undefined;
    }
  }

  /** A program that comes with the extension. */
  program(name: "server.js" | "cli.js" | "textThread.js"): string {
    return join(this.extensionFolder, "dist", name);
  }

  /** What people read about the extension; packages write its name in small letters. */
  async readme(): Promise<Uri> {
    const name = (await readdir(this.extensionFolder)).find((each) => each.toLowerCase() === "readme.md");
    return Uri.file(join(this.extensionFolder, name ?? "README.md"));
  }

  media(...path: string[]): string {
    return join(this.extensionFolder, "media", ...path);
  }

  /** Writes what is queued for the records, and ends all connections. */
  async close(withinMs: number): Promise<void> {
    this.#settings.dispose();
    this.#texts.dispose();
    this.#ruleWatch?.dispose();
    await Promise.allSettled([...this.#stores.values()].map((store) => store.close(withinMs)));
    for (const servers of [...this.#formerServers, ...(this.#servers ? [this.#servers] : [])]) servers.close();
  }
}
