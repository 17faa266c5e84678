import type * as z from "zod/mini";
import type { TerminalLook } from "../../core/ports/sessions";
import { wireScreenSchema, wireTerminalSchema } from "./wire";
import { toScreen, toTerminalSigns } from "./wireConversions";

/**
 * A plain screen with what stands beside it, in one request: whoever follows many sessions asks for both each time.
 * `tells`: the server knows more than the screen. `read` asks for what stands behind the session's path.
 */
export async function readLook(
  tells: boolean,
  read: <T>(schema: z.ZodMiniType<T>, rest: string) => Promise<T>,
): Promise<TerminalLook> {
  const wire = await read(wireScreenSchema, `/screen?format=plain${tells ? "&terminal=true" : ""}`);
  // A built-in server that is older than this question tells it where it is asked for alone.
  const signs = wire.terminal ?? (tells ? await read(wireTerminalSchema, "/terminal") : undefined);
  return { screen: toScreen(wire), signs: signs && toTerminalSigns(signs) };
}
