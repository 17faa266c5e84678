/** `now`, `12 s`, `5 min`, `3 h`, `2 d`: how long ago a time (ISO 8601) is; empty for what is no time. */
export function ageText(ts: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(ts)) / 1000);
  if (Number.isNaN(seconds)) return "";
  if (seconds < 5) return "now";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** The same in whole words, for a screen reader. */
export function spokenAge(ts: string, now: number): string {
  const age = ageText(ts, now);
  if (age === "" || age === "now") return age === "" ? "" : "just now";
  const [count = "", unit = ""] = age.split(" ");
  const word = { s: "second", min: "minute", h: "hour", d: "day" }[unit] ?? unit;
  return `${count} ${word}${count === "1" ? "" : "s"} ago`;
}
