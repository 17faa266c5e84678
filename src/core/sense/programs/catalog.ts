import type { ProgramRules } from "../programRules";
import { RuleCatalog } from "../senseTerminal";
import { anyAgent } from "./anyAgent";
import { claude } from "./claude";
import { cline } from "./cline";
import { codex } from "./codex";
import { copilot } from "./copilot";
import { gemini } from "./gemini";
import { opencode } from "./opencode";
import { qwen } from "./qwen";

/** Agents first, then programs with a name, then what any program may ask. */
export const shippedPrograms: readonly ProgramRules[] = [claude, codex, gemini, qwen, opencode, copilot, cline];

export const shippedCatalog = new RuleCatalog(shippedPrograms, anyAgent);
