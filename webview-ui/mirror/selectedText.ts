/** The selected part of some rows, as lines without blanks at their ends; empty when nothing of them is selected. */
export function selectedText(rows: Iterable<HTMLElement>): string {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return "";
  const range = selection.getRangeAt(0);
  const lines: string[] = [];
  for (const row of rows) {
    if (!range.intersectsNode(row)) continue;
    const part = document.createRange();
    part.selectNodeContents(row);
    if (row.contains(range.startContainer)) part.setStart(range.startContainer, range.startOffset);
    if (row.contains(range.endContainer)) part.setEnd(range.endContainer, range.endOffset);
    lines.push(part.toString().trimEnd());
  }
  return lines.join("\n");
}
