import { RulesError } from "../model/rulesError";
import type { OwnRuleFile, RuleFileText } from "./ownRules";
import type { RuleCatalog } from "./senseTerminal";

/**
 * The rules by which it is known what programs do: a person's own, then the shipped ones. They are read when they are first
 * asked for, and what reads files only where there are some.
 */
export class OwnCatalog {
  #catalog: Promise<RuleCatalog> | undefined;
  #files: readonly OwnRuleFile[] = [];
  readonly #told = new Set<string>();

  /** `tell`: rules that are not used, once each. */
  constructor(
    private readonly read: () => Promise<readonly RuleFileText[]>,
    private readonly tell: (error: RulesError) => void,
  ) {}

  /** The catalog, which stays the same when its rules change; what is wrong with a file is told. */
  async catalog(): Promise<RuleCatalog> {
    const catalog = await (this.#catalog ??= this.#made());
    for (const { error } of this.#files) if (error) this.#tellOnce(error);
    return catalog;
  }

  /** The person's own files and what they are worth. */
  async files(): Promise<readonly OwnRuleFile[]> {
    await (this.#catalog ??= this.#made());
    return this.#files;
  }

  /** A file has changed. Nothing is read where nobody has asked for the rules yet. */
  async reload(): Promise<void> {
    if (!this.#catalog) return;
    await this.#fill(await this.#catalog);
    for (const { error } of this.#files) if (error) this.#tellOnce(error);
  }

  async #made(): Promise<RuleCatalog> {
    const [{ shippedCatalog }, { RuleCatalog }] = await Promise.all([
      import("./programs/catalog"),
      import("./senseTerminal"),
    ]);
    const catalog = new RuleCatalog(shippedCatalog.shipped, shippedCatalog.anyAgent);
    await this.#fill(catalog);
    return catalog;
  }

  async #fill(catalog: RuleCatalog): Promise<void> {
    const texts = await this.read();
    this.#files = texts.length === 0 ? [] : (await import("./ownRules")).readOwnRules(texts, catalog);
    catalog.useOwn(
      this.#files.flatMap(({ program }) => (program ? [program] : [])),
      ({ own }, { pattern }) => {
        const { line, source } = pattern;
        const message = `the pattern ${source} took too long on one screen; make it shorter, or look at fewer lines`;
        const problem = { message, line, column: 1, place: "" };
        this.#tellOnce(new RulesError(own?.file ?? "", [problem], "are switched off"));
      },
    );
  }

  #tellOnce(error: RulesError): void {
    if (this.#told.has(error.message)) return;
    this.#told.add(error.message);
    this.tell(error);
  }
}
