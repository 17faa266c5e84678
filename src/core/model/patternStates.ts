import { type CharacterTest, mostStates, NoPattern, type PatternNode } from "./patternSyntax";

/** To ask about a character whose answer is not remembered costs as much as so many steps from state to state. */
export const askedSteps = 4;

/** A place in a pattern: a character is to come, or something holds here, or it goes on without either. */
export interface PatternState {
  readonly test?: CharacterTest;
  readonly holds?: (before: string, after: string) => boolean;
  /** It is the end of a line that may not begin here. */
  readonly begins?: boolean;
  /** The first group begins or ends here. */
  readonly mark?: "start" | "end";
  /** Where it goes on, what is preferred first; empty: the whole is found. */
  next: number[];
}

/**
 * The automaton of a pattern: its states, and the index of the one in which it begins. It has no way back: what matches is
 * found in time that grows with the text and the number of states. Throws `NoPattern` for one that is too large.
 */
export class PatternStates {
  readonly all: PatternState[] = [];
  readonly start: number;

  constructor(node: PatternNode) {
    this.start = this.#build(node, this.#add({ next: [] }));
  }

  #add(state: PatternState): number {
    if (this.all.length >= mostStates) throw new NoPattern("is too large; repeat less");
    return this.all.push(state) - 1;
  }

  #build(node: PatternNode, next: number): number {
    switch (node.kind) {
      case "one":
        return this.#add({ test: node.test, next: [next] });
      case "at":
        return this.#add({ holds: node.holds, ...(node.begins ? { begins: true } : {}), next: [next] });
      case "all":
        return node.parts.reduceRight((after, part) => this.#build(part, after), next);
      case "any":
        return this.#add({ next: node.parts.map((part) => this.#build(part, next)) });
      case "group": {
        if (node.number !== 1) return this.#build(node.part, next);
        const end = this.#add({ mark: "end", next: [next] });
        return this.#add({ mark: "start", next: [this.#build(node.part, end)] });
      }
      case "times":
        return this.#times(node, next);
    }
  }

  #times({ part, least, most, lazy }: Extract<PatternNode, { kind: "times" }>, next: number): number {
    const either = (again: number): number[] => (lazy ? [next, again] : [again, next]);
    let entry = next;
    if (most === Infinity) {
      entry = this.#add({ next: [next] });
      const again = this.#build(part, entry);
      (this.all[entry] as PatternState).next = either(again);
    } else for (let count = least; count < most; count++) entry = this.#add({ next: either(this.#build(part, entry)) });
    for (let count = 0; count < least; count++) entry = this.#build(part, entry);
    return entry;
  }
}
