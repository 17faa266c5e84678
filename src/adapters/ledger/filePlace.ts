import type { RecordPlace } from "../../core/ports/ledger";

/** What a place in a record of files is: bytes in a segment, in the order that counts, segment before offset. */
export interface FilePlace extends RecordPlace {
  /** From 1. */
  readonly segment: number;
  /** In bytes. */
  readonly offset: number;
}

export function filePlace(segment: number, offset: number): FilePlace {
  return { segment, offset } as FilePlace;
}

/** Places are only ever given back to the ledger that gave them. */
export function asFilePlace(place: RecordPlace): FilePlace {
  return place as FilePlace;
}

export function isBefore(one: RecordPlace, other: RecordPlace): boolean {
  const [first, second] = [asFilePlace(one), asFilePlace(other)];
  return first.segment < second.segment || (first.segment === second.segment && first.offset < second.offset);
}
