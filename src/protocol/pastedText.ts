const start = "\x1b[200~";
const end = "\x1b[201~";

/** Modes of xterm's ctlseqs. */
export const bracketedPasteMode = 2004;

/**
 * What a terminal sends for a paste: Enter for each end of a line, no other control characters but tab, so that nothing
 * in it can end the brackets, and the brackets where the program asked for them.
 */
export function pastedText(text: string, modes: readonly number[]): string {
  const plain = text.replace(/\r\n?|\n/g, "\r").replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, "");
  return modes.includes(bracketedPasteMode) ? `${start}${plain}${end}` : plain;
}
