/** What follows a comma or a stop inside a time: a year, a time of day, a month, or what stands behind its short name. */
const goesOn = String.raw`,\s+(?=20\d\d\b|\d{1,2}(?::\d\d|\s*[ap]\.?m\b)|at\s+\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d)|(?<=\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec))\.\s+(?=\d)`;
const ends = String.raw`[.,]?(?:\s{2}|\s*\[|$)|[.,]\s`;

/**
 * When an agent may be tried again: `20s`, `2h 10m`, `3:45 PM`, `Dec 5 at 9:00`, `Dec 4th, 2026 3:10 AM`. Words without a
 * number are no time.
 */
export const limitTime = new RegExp(
  String.raw`\btry again (?:in|at) (?=\D{0,12}\d)((?:${goesOn}|(?!${ends})[^[\]])+)(?:${ends})`,
  "iu",
);
