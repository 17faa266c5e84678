import type { ProgramRules } from "../programRules";
import { RuleCatalog } from "../senseTerminal";
import { anyAgent } from "./anyAgent";
import { claude } from "./claude";
import { cline } from "./cline";
import { copilot } from "./copilot";
import { opencode } from "./opencode";

/** Agents first, then programs with a name, then what any program may ask. */
export const shippedPrograms: readonly ProgramRules[] = [claude, cline, copilot, opencode];

export const shippedCatalog = new RuleCatalog(shippedPrograms, anyAgent);
