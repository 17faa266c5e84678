import { checkedToken } from "./requestChecks";

/** The secret of one server, shared by all of its connections, so that a changed one reaches those that exist. */
export class AccessToken {
  #value: string | undefined;
  #reading: Promise<boolean> | undefined;

  /** `read` looks for it where it is kept. Throws `request_invalid` for a token that cannot be one. */
  constructor(
    token: string | undefined,
    private readonly read: () => Promise<string | undefined> = () => Promise.resolve(token),
  ) {
    this.#value = checkedToken(token);
  }

  get value(): string | undefined {
    return this.#value;
  }

  /**
   * After the server refused `refused`: reads it anew, once for all who are refused at the same time. False when it is
   * still the same one, or cannot be read.
   */
  async renew(refused: string | undefined): Promise<boolean> {
    if (this.#value !== refused) return true;
    this.#reading ??= this.#readAnew().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #readAnew(): Promise<boolean> {
    const before = this.#value;
    try {
      this.#value = checkedToken(await this.read());
    } catch {
      // The server's refusal says more than that the new one cannot be had.
      return false;
    }
    return this.#value !== before;
  }
}
