/** What `Do Project` takes from a keybinding, a task or a test; then no question is asked. */
export interface DoProjectArguments {
  readonly project: string;
  readonly goal?: string;
  /** Path or name of a workspace folder; default: the only one. */
  readonly folder?: string;
  /** Path of a plan. */
  readonly plan?: string;
  /** Commands of one task. */
  readonly run?: readonly string[];
  readonly role?: string;
  readonly again?: boolean;
}

export function isDoProjectArguments(value: unknown): value is DoProjectArguments {
  return typeof value === "object" && value !== null && "project" in value && typeof value.project === "string";
}
