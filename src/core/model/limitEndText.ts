export const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * How people are told when a limit ends, both in milliseconds since 1970: `14:20`, another day `Dec 5, 14:20`, less than a
 * minute ahead `14:20:35`.
 */
export function limitEndText(end: number, now: number): string {
  const date = new Date(end);
  const parts = [date.getHours(), date.getMinutes(), ...(end - now < 60_000 ? [date.getSeconds()] : [])];
  const time = parts.map((part) => String(part).padStart(2, "0")).join(":");
  if (date.toDateString() === new Date(now).toDateString()) return time;
  const name = months[date.getMonth()] ?? "";
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${date.getDate()}, ${time}`;
}
