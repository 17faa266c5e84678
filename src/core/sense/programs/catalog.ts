import type { ProgramRules } from "../programRules";
import { RuleCatalog } from "../senseTerminal";
import { aider } from "./aider";
import { anyAgent } from "./anyAgent";
import { asked } from "./asked";
import { claude } from "./claude";
import { cline } from "./cline";
import { codex } from "./codex";
import { copilot } from "./copilot";
import { databaseShells } from "./databaseShells";
import { editorQuestions, editors } from "./editors";
import { fullScreens } from "./fullScreens";
import { gemini } from "./gemini";
import { linePrompts } from "./linePrompts";
import { logins } from "./logins";
import { menus } from "./menus";
import { monitors } from "./monitors";
import { multiplexers } from "./multiplexers";
import { opencode } from "./opencode";
import { pagers } from "./pagers";
import { qwen } from "./qwen";
import { remoteLogin } from "./remoteLogin";
import { repls } from "./repls";
import { running } from "./running";
import { shellPrompts } from "./shellPrompts";
import { unknownPrograms } from "./unknownPrograms";

const agents: readonly ProgramRules[] = [claude, codex, gemini, qwen, opencode, copilot, cline, aider];

/** Known by the name of what is in front. */
const tools: readonly ProgramRules[] = [
  ...shellPrompts,
  remoteLogin,
  ...logins,
  pagers,
  editors,
  monitors,
  multiplexers,
  ...databaseShells,
  ...repls,
];

/** What any program may show, in the order in which it is looked for. */
const anyTool: readonly ProgramRules[] = [
  editorQuestions,
  fullScreens,
  menus,
  linePrompts,
  asked,
  unknownPrograms,
  running,
];

export const shippedPrograms: readonly ProgramRules[] = [...agents, ...tools, ...anyTool];

export const shippedCatalog = new RuleCatalog(shippedPrograms, anyAgent);
