/**
 * What only this user, on this machine, can prove: it is kept in their own data folder, and nothing of it in a
 * workspace, whose files may come from anybody.
 */
export interface ConsentKeeper {
  /** Whether other processes of this user have the same key; false where the user's data folder cannot be used. */
  readonly isShared: boolean;
  /**
   * 64 hex digits that nobody can make without the key, or take for those of other fields: `["ab", "c"]` and
   * `["a", "bc"]` differ.
   */
  sealOf(fields: readonly (string | number | null)[]): string;
  /** Whether that seal was used before, by any process of this user. */
  isUsed(seal: string): Promise<boolean>;
  /** Uses it up, for all processes; false when it was used before. Throws `ledger_unwritable` where that cannot be kept. */
  use(seal: string): Promise<boolean>;
}
