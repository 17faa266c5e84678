/** When an agent may be tried again: `20s`, `2h 10m`, `3:45 PM`, `Dec 5 at 9:00`. Words without a number are no time. */
export const limitTime = /\btry again (?:in|at) (?=\D{0,12}\d)([^[\]]+?)(?:[.,]?(?:\s{2}|\s*\[|$)|[.,]\s)/iu;
