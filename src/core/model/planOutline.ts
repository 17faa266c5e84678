/** Part of a text, in UTF-16 units; its end is not part of it. */
export interface TextPart {
  readonly start: number;
  readonly end: number;
}

/** Where the name of a role or a task stands. */
export interface PlanName {
  readonly is: "role" | "task";
  readonly name: string;
  /** The name alone, without quotes. */
  readonly at: TextPart;
  /** It stands bare, so that a name that YAML reads as something else needs quotes there. */
  readonly isBare: boolean;
  /** Here the role or task is described; elsewhere it is only named. */
  readonly isDefinition: boolean;
}

/** A role or a task as a whole. */
export interface PlacedPart {
  readonly name: string;
  readonly nameAt: TextPart;
  readonly at: TextPart;
  /** What it is about in a few words: the role of a task, what the sessions of a role run. */
  readonly detail: string;
}

/** The parts of a plan with their places, however wrong the rest of its text is. */
export interface PlanOutline {
  readonly project: { readonly name: string; readonly at: TextPart } | undefined;
  readonly roles: readonly PlacedPart[];
  readonly tasks: readonly PlacedPart[];
  readonly names: readonly PlanName[];
  /** Problem matchers that roles and tasks name; each name without its quotes. */
  readonly matchers: readonly { readonly name: string; readonly at: TextPart }[];
}

/** The role or task that is named at that place. */
export function nameAt({ names }: PlanOutline, offset: number): PlanName | undefined {
  return names.find(({ at }) => at.start <= offset && offset <= at.end);
}

/** Where that role or task is described, and where it is named. */
export function placesOf({ names }: PlanOutline, { is, name }: Pick<PlanName, "is" | "name">): readonly PlanName[] {
  return names.filter((each) => each.is === is && each.name === name);
}
