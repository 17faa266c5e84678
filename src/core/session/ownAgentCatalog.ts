import type { AgentCatalog } from "../model/agentProfile";
import type { RuleFileText } from "../model/checkedRules";
import type { AgentFileError } from "../model/rulesError";
import type { OwnAgentFile } from "./ownAgents";

/** The agents that a plan can name: a person's own, read each time that they are asked for, and the shipped ones. */
export class OwnAgentCatalog {
  /** What was told of a file, by its path; a file that is right again may be told of again. */
  readonly #told = new Map<string, string>();

  /** `tell`: a file that is not used, once for each thing that is wrong. */
  constructor(
    private readonly read: () => Promise<readonly RuleFileText[]>,
    private readonly tell: (error: AgentFileError) => void,
  ) {}

  async catalog(): Promise<AgentCatalog> {
    const { agentCatalog } = await import("./agentCatalog");
    const files = await this.files();
    for (const { file, error } of files) {
      if (error && this.#told.get(file) !== error.message) this.tell(error);
      if (error) this.#told.set(file, error.message);
      else this.#told.delete(file);
    }
    return agentCatalog(files.flatMap(({ profile }) => (profile ? [profile] : [])));
  }

  /** The person's own files and what they are worth. What reads them is loaded only where there are some. */
  async files(): Promise<readonly OwnAgentFile[]> {
    const texts = await this.read();
    if (texts.length === 0) return [];
    const [{ ownAgents }, { agentCatalog }] = await Promise.all([import("./ownAgents"), import("./agentCatalog")]);
    return ownAgents(texts, agentCatalog());
  }
}
