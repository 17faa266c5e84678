import type { Registration } from "./commandOptions";
import { registerMaintenance } from "./maintenanceCommands";
import { registerProjects } from "./projectCommands";
import { registerQuestions } from "./questionCommands";
import { registerSessions } from "./sessionCommands";
import { registerStart } from "./startCommands";

/**
 * All commands with their options, in groups and an order for someone who is new here. What a command needs is loaded
 * when it runs.
 */
export function registerCommands(registration: Registration): void {
  const { program } = registration;
  program.commandsGroup("Getting started:");
  registerStart(registration);
  program.commandsGroup("Projects:");
  registerProjects(registration);
  program.commandsGroup("Questions and notes:");
  registerQuestions(registration);
  program.commandsGroup("Sessions:");
  registerSessions(registration);
  program.commandsGroup("Maintenance:");
  registerMaintenance(registration);
  program.helpCommand("help [command]", "Show the help of a command");
}
