import type { StepBudget } from "../model/linePattern";
import type { ProgramRole } from "../model/programRoles";
import type { AnswerForm, Confidence, StateKind } from "../model/stateKinds";
import type { SessionState } from "../model/states";

/** A regular expression of the product, or one of a person's own that cannot run for ever. */
export interface Pattern {
  readonly source: string;
  test(text: string): boolean;
}

/** A pattern whose first group is what is looked for. */
export interface GroupPattern {
  exec(text: string): ArrayLike<string | undefined> | null;
}

/**
 * A part of the screen by what stands there, in lines that are not empty, without the frames around them. Agents draw from the
 * bottom, so everything is looked for from there.
 */
export interface Region {
  /** So many of the last lines. */
  readonly bottom?: number;
  /** So many of the first lines. */
  readonly top?: number;
  /** From the last line that matches, itself included; the region is absent where none does. */
  readonly from?: Pattern;
  /** The line right above the first one matches this. */
  readonly below?: Pattern;
  /**
   * The first line begins at this column, zero-based, without a frame: what an agent draws itself stands at the left,
   * what it quotes is indented.
   */
  readonly column?: number;
  /** Up to the next line that matches, itself excluded; to the end where none does. */
  readonly to?: Pattern;
  /** The region is absent where no line matches `to`. */
  readonly closed?: boolean;
  /** `from` is looked for in so many of the last lines only. */
  readonly within?: number;
  /** The lines right above another region, `lines` of them; absent where that one is. */
  readonly above?: string;
  readonly lines?: number;
  /**
   * As the lines are drawn, with frames and indentation, and with lines that are a frame alone: what a program says itself
   * and what it quotes differ by column.
   */
  readonly drawn?: boolean;
}

/**
 * Regions that each screen has: its title, all of it, its last row, be it empty, the line with the cursor, what stands
 * before the cursor (the part of its line up to it, with the lines above which the terminal has wrapped), and the lines
 * below it.
 */
export const givenRegions = ["title", "screen", "bottom_row", "cursor_line", "before_cursor", "below_cursor"] as const;

/** All that is said in it must hold. */
export interface Condition {
  /** A region of the program's, or a given one. */
  readonly in?: string;
  /** A line of the region matches. Without it the region has to be there. */
  readonly matches?: Pattern;
  /** The first line of the region has to match; for a region that begins with what it is about. */
  readonly first?: boolean;
  /** The lines are joined by a blank first: what a narrow terminal has wrapped is one line again. */
  readonly joined?: boolean;
  readonly cursor?: "visible" | "hidden";
  readonly alternate?: boolean;
  readonly mouse?: boolean;
  /** A line editor reads (bracketed paste is on). Does not hold where nobody can tell. */
  readonly paste?: boolean;
  /** Does not hold where nobody can tell. */
  readonly echo?: boolean;
  /** What is typed is given line by line; does not hold where nobody can tell. */
  readonly canonical?: boolean;
  readonly progress?: "busy" | "error" | "paused" | "none";
  /** The program in front, where that is told. */
  readonly foreground?: Pattern;
  /** A program is known to run there, whatever its name. Does not hold where nobody can tell. */
  readonly running?: boolean;
}

/** A place in a file of a person's own rules; `line` from 1. */
export interface WrittenAt {
  readonly file: string;
  readonly line: number;
}

/** What a dialog asks to allow. All of the dialog tells it from another one. */
export interface DialogPart {
  /** A region that begins with the dialog's first line; it reaches to the choices. */
  readonly in: string;
  /** It begins with the first row that matches, behind what matches, and ends above the last one that is `until`. */
  readonly from?: RegExp;
  readonly until?: RegExp;
  /** Nothing in it is a command or a change: all of it is what the dialog says. */
  readonly onlyWords?: true;
  /** A line by which the dialog says that it has more than it shows. */
  readonly part?: Pattern;
  /** The same where its lines have their frames and scroll bars. */
  readonly drawnPart?: Pattern;
  /** It has no more rows than these, and no sign where that is not enough: one with so many may have more than it shows. */
  readonly tallest?: number;
  /** Each of its rows has this frame, its first one below an empty one at most: one further down is a text that it shows. */
  readonly framed?: Pattern;
}

/** Where a limit's end stands. `joined`: as of a condition, but without frames; else the last line that matches counts. */
export interface LimitPlace {
  readonly in: string;
  readonly matches: GroupPattern;
  readonly joined?: boolean;
}

/** What a screen says: the first rule that holds, by priority, is heard. */
export interface StateRule {
  /** Unique in its file: `permission`. */
  readonly name: string;
  readonly state: SessionState;
  readonly kind?: StateKind;
  /** Higher is heard first; 50 where it is not said. */
  readonly priority?: number;
  readonly confidence: Confidence;
  readonly when: readonly Condition[];
  /** None of them may hold. */
  readonly unless?: readonly Condition[];
  /** Of one that waits; absent: it can be answered only where it is shown, since nobody knows by which keys. */
  readonly answer?: AnswerForm;
  /** The answers, where the prompt does not name them; of a row: all that may stand there. */
  readonly choices?: readonly string[];
  /** Of a dialog: where it stands, and what in it is to be allowed. */
  readonly about?: DialogPart;
  /** The answer is nobody's to read: it is written nowhere. */
  readonly secret?: boolean;
  /** Where a person wrote it. */
  readonly written?: WrittenAt;
  /** Where a limit's end stands: its first group is told as it is. */
  readonly until?: LimitPlace;
}

/** What programs of one role show in common; a program's own region of a name goes before one of these. */
export interface CommonRules {
  readonly regions: Readonly<Record<string, Region>>;
  readonly rules: readonly StateRule[];
}

/** Where a program takes texts, and how what stands there is read. */
export interface ComposerShape {
  /** Its regions, of which the first that is there counts. */
  readonly in: readonly string[];
  /** What stands before its text while it takes texts: with another mark they go to a shell, or to a search. */
  readonly mark: string;
  /** The row behind its last one, where its region is not over before that. */
  readonly to?: Pattern;
  /**
   * It stands above its region instead, in rows that match, without the last of them, its foot. With a foot that matches
   * `other` it takes no texts.
   */
  readonly above?: { readonly rows: Pattern; readonly other: Pattern };
  /**
   * Where its region begins with a row that matches `top`, it stands between that one and `bottom`, without a mark. With a
   * row behind that which matches `other` it takes no texts.
   */
  readonly edges?: { readonly top: Pattern; readonly bottom: Pattern; readonly other: Pattern };
  /** What stands there while it is empty, where the letters are not dim. */
  readonly placeholder?: Pattern;
  /** What stands at the end of its first row where rows above it are not shown. */
  readonly more?: RegExp;
}

/** By which rows an agent's screen tells what it says from what it does; they are matched as they are drawn. */
export interface StepMarks {
  /** The first row of something that it says, or does. Absent: what it says has no mark, and stands behind what it did. */
  readonly says?: Pattern & GroupPattern;
  /** The first row of something that it does, asks or is told. */
  readonly does?: Pattern;
  /** A row in the first paragraph behind the mark of what it says: so it is something that it does. */
  readonly shows?: Pattern;
}

/** All that is known of one program, written from recorded screens. */
export interface ProgramRules {
  /** As it is started: `claude`. */
  readonly program: string;
  /** As people call it. */
  readonly title: string;
  readonly role: ProgramRole;
  /** Versions whose screens were recorded; any other is told with less confidence. */
  readonly recorded: readonly string[];
  /** How it is known. `commands`: names of its process; `apps`: what it calls itself in OSC 7501. */
  readonly known: {
    readonly commands: readonly string[];
    readonly apps?: readonly string[];
    /** Words of its command line by which it shows an earlier conversation from its first screen on. */
    readonly resumes?: readonly string[];
    /** Where neither is told: all of them hold. */
    readonly screen?: readonly Condition[];
    /** The same where no title is told, which only some servers tell; its own regions may be named here. */
    readonly untitled?: readonly Condition[];
  };
  /** On each of its screens something stands in the first column: where nothing does, all of it is shown further right. */
  readonly fromLeftEdge?: boolean;
  /** Where it writes its version: the first group. */
  readonly version?: { readonly in: string; readonly matches: GroupPattern };
  readonly regions: Readonly<Record<string, Region>>;
  readonly rules: readonly StateRule[];
  /** A panel stands at the right of what this matches in a row, from the top of the screen on; absent: it draws none. */
  readonly panelEdge?: RegExp;
  /** Absent: nobody knows how to read it. */
  readonly composer?: ComposerShape;
  /** What an agent says of a turn itself, behind its last words. */
  readonly turnOver?: Pattern;
  /** Holds where a person has ended its last turn, or has refused what it asked and so ended it; absent: nothing shows that. */
  readonly turnStopped?: Condition;
  /** Absent: nobody knows what it says from what it does. */
  readonly steps?: StepMarks;
  /** Of rules of a person's own: their file, and what its patterns may cost in one look. */
  readonly own?: { readonly file: string; readonly budget: StepBudget };
}
