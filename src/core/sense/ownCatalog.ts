import { RulesError } from "../model/rulesError";
import { Sequencer } from "../base/async";
import { EventEmitter } from "../base/event";
import type { CheckedRules, RuleFileText } from "../model/checkedRules";
import { messageOf } from "../model/errors";
import type { RuleWork } from "../ports/rules";
import type { OwnRuleFile } from "./ownRules";
import type { RuleCatalog } from "./senseTerminal";

/**
 * The rules by which it is known what programs do: a person's own, then the shipped ones. They are read when they are first
 * asked for, and what reads files only where there are some.
 */
export class OwnCatalog {
  #catalog: Promise<RuleCatalog> | undefined;
  #files: readonly OwnRuleFile[] = [];
  /** What was told of a file, by its path; a file that is right again may be told of again. */
  readonly #told = new Map<string, string>();
  readonly #fills = new Sequencer();
  readonly #changes = new EventEmitter<readonly OwnRuleFile[]>();
  /** The files were read, again where they had been before. */
  readonly onRead = this.#changes.event;

  /** `tell`: rules that are not used, once each. */
  constructor(
    private readonly read: () => Promise<readonly RuleFileText[]>,
    private readonly work: RuleWork,
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
    const catalog = await this.#catalog;
    // One after the other: what was read first must not be used last.
    await this.#fills.run(() => this.#fill(catalog));
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
    this.#files = texts.length === 0 ? [] : (await import("./ownRules")).ownRules(await this.#checked(texts), catalog);
    for (const { file, error } of this.#files) if (!error) this.#told.delete(file);
    catalog.useOwn(
      this.#files.flatMap(({ program }) => (program ? [program] : [])),
      ({ own }, { pattern }) => {
        const { line, source } = pattern;
        const message = `the pattern ${source} took too long on one screen; make it shorter, or look at fewer lines`;
        const problem = { message, line, column: 1, place: "" };
        this.#tellOnce(new RulesError(own?.file ?? "", [problem], "are switched off"));
      },
    );
    this.#changes.fire(this.#files);
  }

  /** Whatever becomes of the check: the shipped rules are used. */
  async #checked(texts: readonly RuleFileText[]): Promise<readonly CheckedRules[]> {
    try {
      return await this.work.checkRules(texts);
    } catch (error) {
      const problem = { message: `it cannot be checked: ${messageOf(error)}`, line: 1, column: 1, place: "" };
      return texts.map(({ file }) => ({ file, extends: false, examples: 0, problems: [problem] }));
    }
  }

  #tellOnce(error: RulesError): void {
    if (this.#told.get(error.file) === error.message) return;
    this.#told.set(error.file, error.message);
    this.tell(error);
  }
}
