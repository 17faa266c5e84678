import { Range, type TextDocument } from "vscode";
import type { PlanOutline, TextPart } from "../../core/model/planOutline";
import type { PlanWork } from "../../core/ports/plans";

/** The outlines of plans in editors; each text is read once, however many ask. */
export class PlanOutlines {
  readonly #known = new WeakMap<TextDocument, { readonly version: number; readonly outline: Promise<PlanOutline> }>();

  constructor(private readonly plans: Pick<PlanWork, "planOutline">) {}

  of(document: TextDocument): Promise<PlanOutline> {
    const { version } = document;
    const known = this.#known.get(document);
    if (known?.version === version) return known.outline;
    const outline = this.plans.planOutline(document.getText());
    this.#known.set(document, { version, outline });
    return outline;
  }
}

export function rangeOf(document: TextDocument, { start, end }: TextPart): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
