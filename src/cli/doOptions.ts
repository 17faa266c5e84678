export interface DoOptions {
  readonly goal?: string;
  readonly plan?: string;
  readonly role?: string;
  readonly run?: readonly string[];
  readonly cwd?: string;
  readonly maxSessions?: number;
  readonly again?: boolean;
  /** Leave it to a process of its own. */
  readonly detach?: boolean;
  /** This is that process. */
  readonly detached?: boolean;
  /** It waits until the present driver drives no longer: that one hands over, and may be gone before it has said so. */
  readonly afterDriver?: boolean;
}
