import type { Registration } from "./commandOptions";
import { registerMaintenance } from "./maintenanceCommands";
import { registerProjects } from "./projectCommands";
import { registerQuestions } from "./questionCommands";
import { registerSessions } from "./sessionCommands";
import { registerStart } from "./startCommands";

interface Group {
  readonly title: string;
  readonly register: (registration: Registration) => void;
  readonly names: readonly string[];
}

/** In an order for someone who is new here. */
const groups: readonly Group[] = [
  { title: "Getting started:", register: (to) => registerStart(to), names: ["tour", "doctor"] },
  {
    title: "Projects:",
    register: (to) => registerProjects(to),
    names: [
      "do",
      "plan",
      "stop",
      "retry",
      "assign",
      "status",
      "st",
      "log",
      "logs",
      "stats",
      "projects",
      "archive",
      "rename",
      "end",
      "remove",
    ],
  },
  {
    title: "Questions and notes:",
    register: (to) => registerQuestions(to),
    names: ["attention", "answer", "note", "handoff"],
  },
  {
    title: "Sessions:",
    register: (to) => registerSessions(to),
    names: ["sessions", "ls", "pull", "wait", "explain", "send", "prompt", "attach", "kill"],
  },
  { title: "Maintenance:", register: (to) => registerMaintenance(to), names: [] },
];

/**
 * All commands with their options, or those of the group in which the `named` one is: to set up all takes two
 * milliseconds. What a command needs is loaded when it runs.
 */
export function registerCommands(registration: Registration, named?: string): void {
  const { program } = registration;
  const one = groups.find(({ names }) => named !== undefined && names.includes(named));
  for (const { title, register } of one ? [one] : groups) {
    program.commandsGroup(title);
    register(registration);
  }
  program.helpCommand("help [command]", "Show the help of a command");
}
