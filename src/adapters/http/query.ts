import { invalidRequest } from "./requestFailure";

/** Readers of query parameters; all throw `invalid_request`, also for a repeated one. */
export class Query {
  readonly #params: URLSearchParams;

  constructor(params: URLSearchParams) {
    this.#params = params;
  }

  text(name: string): string | undefined {
    const values = this.#params.getAll(name);
    if (values.length > 1) throw invalidRequest(`The parameter ${name} is given more than once.`);
    return values[0];
  }

  unsigned(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,20}$/.test(text)) throw invalidRequest(`The parameter ${name} must be a whole number.`);
    return Number(text);
  }

  flag(name: string): boolean {
    const text = this.text(name);
    if (text !== undefined && text !== "true" && text !== "false")
      throw invalidRequest(`The parameter ${name} must be true or false.`);
    return text === "true";
  }

  list(name: string): string[] {
    return (this.text(name) ?? "").split(",").filter((item) => item !== "");
  }
}
