/**
 * Texts by their code units, which puts times in ISO form into their order: for `sort`. The order of a language
 * (`localeCompare`) is for what people look up by name; to load it takes each process 6 ms.
 */
export function byCodeUnits(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
