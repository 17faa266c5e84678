/** A start that did not succeed; `next` says what may be done about it. */
export class LaunchError extends Error {
  readonly next: string;

  constructor(message: string, next: string) {
    super(message);
    this.name = "LaunchError";
    this.next = next;
  }
}
