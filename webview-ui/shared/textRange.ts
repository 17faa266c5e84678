/** The part of an element's text from one UTF-16 offset to another; undefined where it is shorter. */
export function textRange(element: HTMLElement | undefined, from: number, to: number): Range | undefined {
  const start = element && placeIn(element, from);
  const end = element && placeIn(element, to);
  if (!start || !end) return undefined;
  const range = document.createRange();
  range.setStart(...start);
  range.setEnd(...end);
  return range;
}

/** The text node and offset at which an element's text has come this far. */
function placeIn(parent: HTMLElement, offset: number): [Text, number] | undefined {
  const walker = document.createTreeWalker(parent, NodeFilter.SHOW_TEXT);
  let left = offset;
  for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) {
    if (left <= node.length) return [node, left];
    left -= node.length;
  }
  return undefined;
}
