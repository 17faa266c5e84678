import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { createIds } from "../adapters/ledger/ids";
import { FileProjectStore } from "../adapters/ledger/fileProjectStore";
import { putLauncher } from "../adapters/machine/cliLauncher";
import { agentMachine } from "../adapters/machine/agentMachine";
import { createFolders } from "../adapters/machine/folders";
import { createLocalPorts } from "../adapters/machine/localPorts";
import { projectFiles } from "../adapters/machine/projectFiles";
import { ChosenAddressFiles } from "../adapters/machine/chosenAddressFiles";
import { createPlaceOwners } from "../adapters/machine/placeOwners";
import { userKey } from "../adapters/machine/userKey";
import { userName } from "../adapters/machine/userName";
import { createConsentKeeper } from "../adapters/machine/consentKeeper";
import { findProcess } from "../adapters/machine/processFacts";
import { processesAbove, sessionAbove } from "../adapters/machine/sessionAbove";
import { agentFolder, readRuleFiles, ruleFolder } from "../adapters/machine/ruleFiles";
import { createProcesses } from "../adapters/machine/processes";
import { systemClock } from "../adapters/machine/systemClock";
import { valueFingerprint } from "../adapters/machine/valueFingerprint";
import { isLocalAddress, parseServerAddress } from "../adapters/wsh/serverAddress";
import type { Acting } from "../core/acts/acting";
import type { AnsweredTerminals } from "../core/acts/answerPrompt";
import type { RunProjectWorld } from "../core/acts/runRequest";
import { type SessionEnvironment, sessionEnvironment } from "../core/session/callerEnvironment";
import type { Variables } from "../core/session/keptOutVariables";
import { runsAsThisUser } from "../core/session/serverNearby";
import type { CommandLinePlace } from "../core/session/sessionSpec";
import type { OrchestratorError } from "../core/model/errors";
import { messageOf } from "../core/model/errors";
import { workspaceTag } from "../core/model/names";
import { OwnCatalog } from "../core/sense/ownCatalog";
import { OwnAgentCatalog } from "../core/session/ownAgentCatalog";
import { rulesHere } from "../core/sense/rulesHere";
import type { RuleCatalog } from "../core/sense/senseTerminal";
import type { Clock, Folders, Ids, Logger, Processes } from "../core/ports/machine";
import type { ConsentKeeper } from "../core/ports/consent";
import type { Policy } from "../core/ports/safety";
import type { ChosenServer } from "../core/ports/sessions";
import type { ChosenAddresses, PlaceOwners } from "../core/ports/servers";
import type { Confirm } from "../core/ports/people";
import type { PlanWork } from "../core/ports/plans";
import { plansHere } from "../core/run/plansHere";
import { createRedactor, type Redactor } from "../core/safety/redaction";
import { hideSecretValues } from "../core/safety/secretVariables";
import { createSanitizer } from "../core/safety/sanitize";
import { readDiscovery } from "../embedded/launchDiscovery";
import { commandFolder, places } from "../embedded/launchPlaces";
import { callersVariables } from "./callersVariables";
import { reportFailure } from "./failure";
import type { Interrupts } from "./interrupts";
import { remedyText } from "./remedyText";
import type { Output } from "./output";
import { ServerChoice } from "../adapters/wsh/serverChoice";
import { ownerOfPlace } from "../adapters/wsh/standardPlaces";
import { readCertificates } from "./certificates";
import { builtinLauncher } from "./builtinLauncher";
import { askAboutServer } from "./serverQuestion";
import { GivenToken, readToken } from "./token";
import { currentFolder, findWorkspace } from "./workspace";

/** Who presses Ctrl-C a second time waits no longer for a disk. */
const leaveMs = 500;

/** Options that every command has. */
export interface GlobalOptions {
  readonly dir?: string;
  readonly server?: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
  /** Milliseconds. */
  readonly quietAfter?: number;
  readonly askWhenQuiet?: boolean;
  readonly sessionColumns?: number;
  readonly json?: boolean;
  readonly verbose?: boolean;
  /** False: the terminal is told nothing of what runs. */
  readonly signals?: boolean;
}

/** The one place where the parts are put together; each is made when it is first asked for. */
export class Container {
  readonly clock: Clock = systemClock;
  readonly logger: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  #workspace: string | undefined;
  #store: FileProjectStore | undefined;
  #ids: Ids | undefined;
  readonly plans: PlanWork = plansHere;
  #redactor: Redactor | undefined;
  #servers: ServerChoice | undefined;
  #chosen: ChosenAddresses | undefined;
  #processes: Promise<Processes> | undefined;
  #variables: Promise<Variables> | undefined;
  #consents: ConsentKeeper | undefined;
  #ownRules: OwnCatalog | undefined;
  /** The agents that a plan can name, the user's own among them. */
  readonly ownAgents = new OwnAgentCatalog(
    () => readRuleFiles(agentFolder(this.env)),
    (error) => this.#notUsed(error),
  );
  readonly #notUsed = ({ message, remedy }: OrchestratorError): void =>
    this.output.error([{ text: message, tone: "attention" }, { text: ` ${remedyText(remedy)}` }]);
  #insideSession: Promise<string | undefined> | undefined;

  /** Throws `usage` for a server address that is none. */
  constructor(
    readonly globals: GlobalOptions,
    readonly output: Output,
    readonly interrupts: Interrupts,
  ) {
    this.env = output.env;
    const asked = this.askedServer;
    if (asked !== undefined && asked !== "builtin") parseServerAddress(asked);
    const say = (message: string): void => output.error([{ text: message, tone: "quiet" }]);
    this.logger = { debug: globals.verbose ? say : () => undefined, warn: globals.verbose ? say : () => undefined };
  }

  get workspace(): string {
    this.#workspace ??= findWorkspace(
      this.globals.dir ?? nonEmpty(this.env.WSH_ORCHESTRATOR_DIR),
      currentFolder(),
      this.env.GIT_WORK_TREE,
    );
    return this.#workspace;
  }

  /** Tells this workspace's sessions from those of another one on the same server. */
  get workspaceTag(): string {
    return workspaceTag(this.workspace);
  }

  get ids(): Ids {
    this.#ids ??= createIds(() => this.clock.now());
    return this.#ids;
  }

  get redactor(): Redactor {
    if (!this.#redactor) {
      this.#redactor = createRedactor({ key: userKey(this.env, "redaction-key") ?? randomBytes(16).toString("hex") });
      // Sessions have them too, and may print them.
      hideSecretValues(this.#redactor, this.env);
    }
    return this.#redactor;
  }

  get store(): FileProjectStore {
    this.#store ??= new FileProjectStore(this.workspace, {
      clock: this.clock,
      ids: this.ids,
      sanitize: createSanitizer({ redact: (text) => this.redactor.redact(text) }),
      logger: this.logger,
    });
    return this.#store;
  }

  get servers(): ServerChoice {
    if (!this.#servers) {
      const { askedServer: asked, env, chosen, owners } = this;
      const token = (): string | undefined => readToken(this.globals.tokenFile, env);
      // A file that cannot be read is said before anything else happens.
      token();
      this.#servers = new ServerChoice({
        asksFor: "now",
        asked,
        env,
        chosen,
        owners,
        ask: async (address) => ((await this.isPerson()) ? askAboutServer(this, address) : undefined),
        tokens: new GivenToken(token, asked, chosen),
        certificates: readCertificates(this.globals.caFile, this.env),
        clock: this.clock,
        logger: this.logger,
        launcher: builtinLauncher(this.serverBundle),
        processes: async () => (await import("../adapters/machine/serverProcesses")).createServerProcesses(),
      });
    }
    return this.#servers;
  }

  /** The servers that this user has chosen. Nothing that runs in a session of ours chooses one for them. */
  get chosen(): ChosenAddresses {
    this.#chosen ??= new ChosenAddressFiles({ env: this.env, clock: this.clock, mayAnswer: () => this.isPerson() });
    return this.#chosen;
  }

  get owners(): PlaceOwners {
    return createPlaceOwners();
  }

  /** Address of the server that was asked for, or `builtin`: flag or environment. */
  get askedServer(): string | undefined {
    return nonEmpty(this.globals.server) ?? nonEmpty(this.env.WSH_ORCHESTRATOR_SERVER);
  }

  get processes(): Promise<Processes> {
    this.#processes ??= createProcesses();
    return this.#processes;
  }

  get consents(): ConsentKeeper {
    this.#consents ??= createConsentKeeper(this.env, this.clock);
    return this.#consents;
  }

  /** The session of ours that this command runs in; undefined where a person runs it. */
  get insideSession(): Promise<string | undefined> {
    this.#insideSession ??= this.#sessionAbove();
    return this.#insideSession;
  }

  /** Whoever runs this command may answer for the user. */
  async isPerson(): Promise<boolean> {
    return (await this.insideSession) === undefined;
  }

  async #sessionAbove(): Promise<string | undefined> {
    const server = readDiscovery(places({ env: this.env }).runtime);
    const running = server !== undefined && (await findProcess(server)) !== "gone";
    return sessionAbove(this.env, running ? server.pid : undefined, await processesAbove());
  }

  /** What is known about the folders of sessions: all when they run here. */
  folders(address: string): Folders {
    return createFolders({ local: isLocalAddress(address) });
  }

  /** Where sessions on that server find this program; undefined where they do not, and where it cannot be written. */
  async commandLine(chosen: ChosenServer): Promise<CommandLinePlace | undefined> {
    if (!(await this.#runsAsThisUser(chosen))) return undefined;
    try {
      const folder = commandFolder({ env: this.env });
      await putLauncher({ folder, runtime: process.execPath, program: this.cliBundle });
      return { folder, workspace: this.workspace };
    } catch (error) {
      this.logger.warn(messageOf(error));
      return undefined;
    }
  }

  /** The environment of whoever runs this command; the login shell is asked where that is needed, once. */
  variables(): Promise<Variables> {
    const say = (text: string): void => this.output.error([{ text, tone: "attention" }]);
    this.#variables ??= callersVariables(this.env, say).then((variables) => {
      hideSecretValues(this.redactor, variables);
      return variables;
    });
    return this.#variables;
  }

  /** What new sessions on that server get. `given`: whoever started this process has asked the login shell. */
  async environment(chosen: ChosenServer, given = false): Promise<SessionEnvironment> {
    const here = await this.#runsAsThisUser(chosen);
    return this.#environment(given || !here ? this.env : await this.variables(), here);
  }

  #runsAsThisUser(chosen: ChosenServer): Promise<boolean> {
    return runsAsThisUser(chosen, hostname(), (address) => ownerOfPlace(address, this.owners));
  }

  /** What sessions of this machine are compared with, see `SessionEnvironment`. */
  async fingerprints(): Promise<SessionEnvironment["fingerprints"]> {
    return this.#environment(await this.variables(), true).fingerprints;
  }

  #environment(variables: Variables, here: boolean): SessionEnvironment {
    const fingerprint = valueFingerprint(this.env);
    return sessionEnvironment({ variables, fingerprint }, { here, toolFolder: commandFolder({ env: this.env }) });
  }

  /** The rules by which it is known what programs do. */
  programRules(): Promise<RuleCatalog> {
    return this.ownRules.catalog();
  }

  /** The user's own rules among them. */
  get ownRules(): OwnCatalog {
    this.#ownRules ??= new OwnCatalog(() => readRuleFiles(ruleFolder(this.env)), rulesHere, this.#notUsed);
    return this.#ownRules;
  }

  /** Loaded when something is to be typed: it brings the parser of shell text. */
  async policy(): Promise<Policy> {
    const { createDefaultPolicy } = await import("../core/safety/defaultPolicy");
    return createDefaultPolicy();
  }

  get cliBundle(): string {
    return join(__dirname, "cli.js");
  }

  get serverBundle(): string {
    return join(__dirname, "server.js");
  }

  get user(): string {
    return userName(this.env);
  }

  /** Whether a terminal is told what runs in it; one that nobody reads words on is not. */
  get tellsTerminal(): boolean {
    const { output, globals, env } = this;
    const off = globals.signals === false || nonEmpty(env.WSH_ORCHESTRATOR_NO_SIGNALS) !== undefined;
    return output.stdoutIsTerminal && !output.json && !off;
  }

  get actor(): string {
    return `human:${this.user}`;
  }

  /** `runsHere`: this process runs the project that something is done to. */
  async acting({ runsHere } = { runsHere: false }): Promise<Acting> {
    const { actor, consents, clock, plans } = this;
    const [processes, insideSession] = await Promise.all([this.processes, this.insideSession]);
    return { actor, processes, clock, consents, plans, insideSession, runsHere };
  }

  /** Where what programs ask in their sessions is answered. `confirm`: how whoever answers is asked about their words. */
  terminals(confirm: Confirm): AnsweredTerminals {
    return {
      reach: (reference) => this.servers.asReference(reference),
      catalog: () => this.programRules(),
      policy: () => this.policy(),
      redactor: () => Promise.resolve(this.redactor),
      folders: (address) => this.folders(address),
      workspace: this.workspace,
      confirm,
    };
  }

  /** What a run of a project needs. */
  async runWorld({ detached = false } = {}): Promise<RunProjectWorld> {
    const { actor, user, workspaceTag, store, redactor, plans, clock, ids, logger } = this;
    return {
      actor,
      user,
      workspaceTag,
      store,
      redactor,
      plans,
      processes: await this.processes,
      consents: this.consents,
      clock,
      ids,
      logger,
      chooseServer: (known) => this.servers.forProject(known),
      folders: (address) => this.folders(address),
      ports: (address) => (isLocalAddress(address) ? createLocalPorts() : undefined),
      agentMachine: (address) => (isLocalAddress(address) ? agentMachine : undefined),
      callersFolders: createFolders(),
      policy: () => this.policy(),
      programRules: () => this.programRules(),
      agents: () => this.ownAgents.catalog(),
      files: projectFiles,
      commandLine: (chosen) => this.commandLine(chosen),
      environment: (chosen) => this.environment(chosen, detached),
      planFile: (project_id) => `${store.folderOf(project_id)}/plan.yaml`,
    };
  }

  /** The record gets what is queued for it, as far as a moment is enough; what is lost is said. */
  async leave(): Promise<void> {
    try {
      await this.#store?.close(leaveMs);
    } catch (error) {
      reportFailure(error, this.output, this.globals.verbose ?? false);
    }
  }

  close(): void {
    this.#servers?.close();
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
