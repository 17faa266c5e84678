import type { ProgramRules } from "../programRules";
import { RuleCatalog } from "../senseTerminal";
import { anyAgent } from "./anyAgent";
import { claude } from "./claude";
import { codex } from "./codex";
import { gemini } from "./gemini";
import { qwen } from "./qwen";

/** Agents first, then programs with a name, then what any program may ask. */
export const shippedPrograms: readonly ProgramRules[] = [claude, codex, gemini, qwen];

export const shippedCatalog = new RuleCatalog(shippedPrograms, anyAgent);
