import { AgentDocument } from "../model/agentDocument";
import type { AgentFile } from "../model/agentFileSchema";
import type { AgentCatalog, AgentProfile, AgentStart } from "../model/agentProfile";
import type { RuleFileText } from "../model/checkedRules";
import { AgentFileError } from "../model/rulesError";
import { didYouMean } from "../model/suggestion";
import { listed } from "../model/sentences";

/** What a file with an agent of a person's own is worth. */
export interface OwnAgentFile {
  readonly file: string;
  readonly profile?: AgentProfile;
  /** Why it is not used. */
  readonly error?: AgentFileError;
}

/** Reads such files; one with something wrong takes no other one down. `shipped`: what they can extend. */
export function ownAgents(files: readonly RuleFileText[], shipped: AgentCatalog): OwnAgentFile[] {
  const definedIn = new Map<string, string>();
  return files.map(({ file, text, unreadable }) => {
    if (text === undefined) {
      const message = `it cannot be read: ${unreadable ?? "it has no text"}`;
      return { file, error: new AgentFileError(file, [{ message, line: 1, column: 1, place: "" }]) };
    }
    const document = new AgentDocument(text);
    const { data } = document;
    const base = data?.extends === undefined ? undefined : shipped.of(data.extends);
    if (data?.extends !== undefined && !base)
      document.problem(
        ["extends"],
        `no agent "${data.extends}" is shipped${didYouMean(data.extends, shipped.names) || `; shipped are ${listed(shipped.names)}`}`,
      );
    const other = data && definedIn.get(data.name);
    if (data && other !== undefined) document.problem(["name"], `the agent ${data.name} is in ${other} already`);
    if (!data || document.problems.length > 0) return { file, error: new AgentFileError(file, document.problems) };
    definedIn.set(data.name, file);
    return { file, profile: profileOf(data, base) };
  });
}

/** What an agent is where neither its file nor the agent that it extends says it. */
function plain(name: string): AgentProfile {
  return {
    name,
    title: name,
    rules: name,
    command: name,
    modes: {},
    folder: { path: `.${name}` },
    submit: { pause_ms: 1000, keys: "\r" },
    interrupt: "\x1b",
    clear: "\x15",
    quit: { keys: "\x03" },
    version: { arguments: ["--version"], matches: "(\\d+(?:\\.\\d+)+)" },
    credentials: { env: [], files: [] },
    install: "",
  };
}

function profileOf({ extends: _base, ...file }: AgentFile, base: AgentProfile | undefined): AgentProfile {
  const from = base ?? plain(file.name);
  const { submit, credentials, modes, ...rest } = file;
  return {
    ...from,
    ...(base ? { title: `${base.title} (${file.name})` } : {}),
    ...given(rest),
    ...together(from, file),
    modes: { ...from.modes, ...given(modes ?? {}) },
    ...(submit ? { submit: { pause_ms: submit.pause_ms, keys: submit.keys ?? from.submit.keys } } : {}),
    ...(credentials ? { credentials: { env: credentials.env ?? [], files: credentials.files ?? [] } } : {}),
  };
}

/** What the file says is added to what the extended agent is started with. */
function together(from: AgentStart, file: AgentStart): AgentStart {
  const words = [...(from.arguments ?? []), ...(file.arguments ?? [])];
  const env = { ...from.env, ...file.env };
  return {
    ...(words.length === 0 ? {} : { arguments: words }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
  };
}

type Given<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

function given<Value extends object>(value: Value): Given<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Given<Value>;
}
