/** How much an agent may do without asking: each as the agent itself understands it. */
export const agentModes = ["ask", "edits", "auto", "plan"] as const;
export type AgentMode = (typeof agentModes)[number];

/** What is added where an agent is started. */
export interface AgentStart {
  /** Behind its command; `{model}` and `{id}` are filled in. */
  readonly arguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Where an agent keeps a conversation, and how one is told from the others. */
export interface AgentConversation {
  /** How it is started with an id of our choice, a UUID, in place of `{id}`: then it is known whatever becomes of it. */
  readonly given?: AgentStart;
  /** One file for each conversation that has begun; `*` stands for any part of a name. Below its own folder. */
  readonly files: string;
  /** Where ids are not given: a pattern for the path of such a file, with the id as its group. */
  readonly id?: string;
  /** …and two for the beginning of its text: the folder that it was begun in, and when (ISO 8601). */
  readonly cwd?: string;
  readonly began?: string;
}

/** How a coding agent is found, started, typed to and ended: data, one file for each. */
export interface AgentProfile extends AgentStart {
  /** What a plan calls it. */
  readonly name: string;
  /** The program whose rules say what its screens mean. */
  readonly rules: string;
  /** As people write it. */
  readonly title: string;
  /** What starts it, as a shell reads it; its first word is looked for on the PATH. */
  readonly command: string;
  readonly model?: AgentStart;
  /** Those that it has; one that is not named here cannot be asked for. */
  readonly modes: Readonly<Partial<Record<AgentMode, AgentStart>>>;
  /** What makes it tell its state by itself. */
  readonly signals?: AgentStart;
  /** How it continues a conversation of its own; its arguments stand right behind the command. */
  readonly resume?: AgentStart & {
    /** A pattern with one group: the id in a line that it prints when it ends. */
    readonly from: string;
  };
  /** How the id of a conversation is known that was not ended in order; absent: it cannot be. */
  readonly conversation?: AgentConversation;
  /** The folder of its own, which the paths below begin in. */
  readonly folder: {
    /** Below the home folder. */
    readonly path: string;
    /** A variable that names another folder in its place. */
    readonly variable?: string;
  };
  /** Enter comes so long after the text, by itself: together they are a paste for most. */
  readonly submit: { readonly pause_ms: number; readonly keys: string };
  /** Adds a line to what stands in its composer; absent: only a paste can have several. */
  readonly newline?: string;
  /**
   * What goes before a text that begins with such a character, so that it stays a text; what has nothing here is a command
   * of the agent however it is sent. So it is with words that are a command where they stand alone, in small letters.
   */
  readonly literal?: Readonly<Record<string, string>>;
  readonly interrupt: string;
  /** Empties its composer. */
  readonly clear: string;
  /** What ends it: a text that is submitted, or keys. */
  readonly quit: { readonly text: string } | { readonly keys: string };
  readonly version: {
    readonly arguments: readonly string[];
    /** A pattern with one group. */
    readonly matches: string;
  };
  /** Where credentials are, as far as that is seen without a request: any of them is enough. */
  readonly credentials: {
    readonly env: readonly string[];
    /** Below its own folder. */
    readonly files: readonly string[];
  };
  /** How it is installed, for people. */
  readonly install: string;
}

/** The agents that plans can name. */
export interface AgentCatalog {
  readonly names: readonly string[];
  of(name: string): AgentProfile | undefined;
}

/** What a plan can ask of an agent, as data that another thread can be given. */
export interface AgentChoices {
  readonly name: string;
  readonly title: string;
  readonly modes: readonly AgentMode[];
  readonly takesModel: boolean;
}

export function agentChoices(catalog: AgentCatalog): AgentChoices[] {
  return catalog.names.flatMap((name) => {
    const profile = catalog.of(name);
    if (!profile) return [];
    const { title, modes, model } = profile;
    return [{ name, title, modes: agentModes.filter((mode) => modes[mode]), takesModel: model !== undefined }];
  });
}
