import { type AgentFile, agentFileSchema } from "./agentFileSchema";
import { valueAt } from "./issueSentence";
import { type Path, PlacedDocument } from "./placedDocument";

/** Many times what a profile needs; it is read in the thread of a window. */
const longest = 10_000;
const second = "a file has one agent; a second YAML document begins here";
const patterns: readonly Path[] = [
  ["resume", "from"],
  ["conversation", "id"],
  ["conversation", "cwd"],
  ["conversation", "began"],
  ["version", "matches"],
];

/** The text of a file with an agent as data that still knows where each part of it stands. */
export class AgentDocument extends PlacedDocument<AgentFile> {
  constructor(text: string) {
    super(text, { schema: agentFileSchema, longest, second });
  }

  protected override noteMeaning(data: unknown): void {
    for (const path of patterns) this.notePattern(valueAt(data, path), path);
  }
}
