import type { ProgramRules } from "../programRules";
import { RuleCatalog } from "../senseTerminal";
import { anyAgent } from "./anyAgent";
import { claude } from "./claude";

/** Agents first, then programs with a name, then what any program may ask. */
export const shippedPrograms: readonly ProgramRules[] = [claude];

export const shippedCatalog = new RuleCatalog(shippedPrograms, anyAgent);
