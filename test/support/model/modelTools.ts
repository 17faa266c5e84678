import { resolve } from "node:path";
import type { JsonSchema, MadeCall, OfferedTool } from "./protocol";
import type { ToolStep } from "./scenario";

/** What the agents call their tools, as their requests have it. */
const names: Readonly<Record<ToolStep["tool"], readonly string[]>> = {
  shell: [
    "exec_command",
    "shell_command",
    "shell",
    "Bash",
    "bash",
    "run_shell_command",
    "run_commands",
    "execute_command",
  ],
  read: ["Read", "read", "read_file", "view", "read_files"],
  edit: ["Edit", "edit", "replace", "replace_in_file", "editor", "str_replace", "str_replace_editor"],
  write: ["Write", "write", "write_file", "write_to_file", "create", "editor"],
  ask: [
    "AskUserQuestion",
    "ask_user_question",
    "ask_user",
    "question",
    "request_user_input",
    "ask_question",
    "ask_followup_question",
  ],
};

/**
 * The call of whichever tool the agent offers for this; undefined where it has none. What each takes is in its schema:
 * arguments that it knows are filled in, and required ones that nobody gives get a sample. `folder` is the agent's.
 */
export function toolCall(step: ToolStep, tools: readonly OfferedTool[], folder: string): MadeCall | undefined {
  const find = (kind: ToolStep["tool"]): OfferedTool | undefined =>
    names[kind].map((name) => tools.find((tool) => tool.name === name)).find((tool) => tool !== undefined);
  const tool = find(step.tool);
  const shell = find("shell");
  switch (step.tool) {
    case "shell":
      return tool && shellCall(tool, step.command, step.outsideSandbox);
    case "ask":
      return tool && askCall(tool, step.question, step.choices);
    case "read": {
      const file = resolve(folder, step.path);
      if (!tool) return shell && shellCall(shell, `cat ${step.path}`);
      return filled(tool, { ...placeOf(file), absolute_path: file, paths: [file], files: [{ path: file }] });
    }
    case "write":
    case "edit": {
      const patchTool = tools.find(({ name }) => name === "apply_patch");
      const patch = patchOf(step);
      if (patchTool?.freeform === true) return { name: patchTool.name, input: patch };
      if (!tool && patchTool) return filled(patchTool, { input: patch, patch, patchText: patch });
      // Codex takes the same patch as a command.
      if (!tool) return shell && shellCall(shell, `apply_patch <<'EOF'\n${patch}\nEOF`);
      return filled(tool, { ...placeOf(resolve(folder, step.path)), ...changeOf(step) });
    }
  }
}

const placeOf = (file: string): Record<string, unknown> => ({ file_path: file, filePath: file, path: file });

type ChangeStep = Extract<ToolStep, { tool: "write" | "edit" }>;

function changeOf(step: ChangeStep): Record<string, unknown> {
  if (step.tool === "write")
    return { command: "create", content: step.content, file_text: step.content, new_text: step.content };
  const { old: before, new: after } = step;
  return {
    command: "str_replace",
    instruction: `Edit ${step.path}`,
    old_string: before,
    oldString: before,
    old_str: before,
    old_text: before,
    new_string: after,
    newString: after,
    new_str: after,
    new_text: after,
    diff: `------- SEARCH\n${before}\n=======\n${after}\n+++++++ REPLACE`,
  };
}

function patchOf(step: ChangeStep): string {
  const lines = (sign: string, text: string): string =>
    text
      .replace(/\n$/u, "")
      .split("\n")
      .map((line) => `${sign}${line}`)
      .join("\n");
  const body =
    step.tool === "write"
      ? `*** Add File: ${step.path}\n${lines("+", step.content)}`
      : `*** Update File: ${step.path}\n@@\n${lines("-", step.old)}\n${lines("+", step.new)}`;
  return `*** Begin Patch\n${body}\n*** End Patch`;
}

function shellCall(tool: OfferedTool, command: string, outsideSandbox?: string): MadeCall {
  if (tool.freeform === true) return { name: tool.name, input: command };
  const known = propertiesOf(tool.schema);
  const asList = (schema: JsonSchema | undefined): unknown =>
    schema?.type === "array" ? ["bash", "-lc", command] : command;
  return filled(tool, {
    description: command,
    is_background: false,
    requires_approval: true,
    cmd: asList(known["cmd"]),
    command: asList(known["command"]),
    commands: commandsOf(known["commands"], command),
    ...(outsideSandbox !== undefined && {
      sandbox_permissions: "require_escalated",
      with_escalated_permissions: true,
      justification: outsideSandbox,
    }),
  });
}

function commandsOf(schema: JsonSchema | undefined, command: string): unknown {
  if (schema?.type !== "array") return command;
  return schema.items?.type === "object" ? [{ ...(sampleOf(schema.items) as object), command }] : [command];
}

function askCall(tool: OfferedTool, question: string, choices: readonly string[]): MadeCall {
  const list = propertiesOf(tool.schema)["questions"];
  if (!list) return filled(tool, { question, message: question, choices, options: choices });
  const option = propertiesOf(list.items)["options"]?.items;
  const options = choices.map((label) =>
    option?.type === "string" ? label : argumentsFor(option, { label, description: label, value: label }),
  );
  const wanted = {
    question,
    header: "Choice",
    id: "choice",
    type: "choice",
    options,
    multiSelect: false,
    multiple: false,
    isOther: false,
    isSecret: false,
  };
  return filled(tool, { questions: [argumentsFor(list.items, wanted)] });
}

function propertiesOf(schema: JsonSchema | undefined): Readonly<Record<string, JsonSchema>> {
  return schema?.properties ?? {};
}

function filled({ name, schema }: OfferedTool, wanted: Readonly<Record<string, unknown>>): MadeCall {
  return { name, args: argumentsFor(schema, wanted) };
}

function argumentsFor(
  schema: JsonSchema | undefined,
  wanted: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = propertiesOf(schema);
  const args = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => key in known && value !== undefined));
  for (const key of schema?.required ?? []) args[key] ??= sampleOf(known[key], key);
  return args;
}

/** The smallest value that fits a schema. */
export function sampleOf(schema: JsonSchema | undefined, name = "text", depth = 0): unknown {
  if (!schema || depth > 8) return name;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choice = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choice) return sampleOf(choice[0], name, depth + 1);
  const type = String([schema.type ?? (schema.properties ? "object" : "string")].flat()[0]).toLowerCase();
  switch (type) {
    case "object": {
      const keys = schema.required ?? Object.keys(propertiesOf(schema));
      return Object.fromEntries(keys.map((key) => [key, sampleOf(propertiesOf(schema)[key], key, depth + 1)]));
    }
    case "array":
      return Array.from({ length: Math.max(1, schema.minItems ?? 1) }, () => sampleOf(schema.items, name, depth + 1));
    case "boolean":
      return false;
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "null":
      return null;
    default:
      return name;
  }
}
