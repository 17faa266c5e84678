import { hash64 } from "../base/hash";
import { OrchestratorError } from "../model/errors";
import { shortSession } from "../model/names";
import { screenFingerprint, shownRows } from "../sense/programScreen";
import type { SeenScreen } from "../sense/seenScreen";
import type { ShownScreen } from "../session/commandEnds";

/** A program's screen is not one that the next text is meant for: nothing was typed, and a person is to be asked. */
export class ProgramNotReady extends OrchestratorError {
  /** What the person is asked about; undefined where nothing is drawn. */
  readonly screen: ShownScreen | undefined;

  constructor(
    session_name: string,
    /** What the program does, after its session's name: `asks something: …`. */
    readonly why: string,
    screen: SeenScreen | undefined,
  ) {
    super("session_busy", `${shortSession(session_name)} ${why}.`, {
      kind: "look_at_session",
      session: session_name,
      text: "Bring it to its prompt, then try again.",
    });
    this.screen = screen && ProgramNotReady.shown(screen);
  }

  static shown(screen: SeenScreen): ShownScreen {
    return { text: shownRows(screen), fingerprint: ProgramNotReady.fingerprint(screen) };
  }

  static fingerprint(screen: SeenScreen): string {
    return hash64(screenFingerprint(screen));
  }
}
