import { fishQuotedWord, posixQuotedWord, quotedWord } from "../sense/shellWord";

const minLength = 6;

/**
 * The texts in which a known secret may appear: itself, URL-encoded, JSON- and shell-escaped, base64 of it (also within
 * the base64 of something longer, where it may begin at any of three places), and each long line of it. None for values
 * under 6 characters.
 */
export function knownForms(value: string): ReadonlySet<string> {
  const forms = new Set<string>();
  if (value.trim().length < minLength) return forms;
  const add = (form: string): void => {
    if (form.length >= minLength) forms.add(form);
  };
  const whole = value.trim();
  add(whole);
  add(JSON.stringify(whole).slice(1, -1));
  for (const quote of [posixQuotedWord, fishQuotedWord, quotedWord]) add(quote(whole).slice(1, -1));
  add(encodeUrl(whole));
  add(encodeUrl(whole).replace(/%20/g, "+"));
  add(encodeUrl(whole).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  for (const line of whole.split(/\r?\n/)) {
    if (line.trim().length >= 12) add(line.trim());
  }
  for (const base64 of base64Forms(whole)) {
    add(base64);
    add(base64.replace(/\+/g, "-").replace(/\//g, "_"));
  }
  return forms;
}

function encodeUrl(value: string): string {
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, "\ufffd")).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The characters of the base64 text that depend on the value alone, for each of the three places it can begin at. */
function base64Forms(value: string): string[] {
  const bytes = new TextEncoder().encode(value);
  const forms: string[] = [];
  for (const lead of [0, 1, 2]) {
    const padded = [...new Uint8Array(lead), ...bytes];
    const encoded = btoa(String.fromCharCode(...padded.slice(0, 32_768))).replace(/=+$/, "");
    const first = Math.ceil((lead * 8) / 6);
    const last = Math.floor((padded.length * 8) / 6);
    if (lead === 0) forms.push(encoded);
    const form = encoded.slice(first, last);
    if (form.length >= 8) forms.push(form);
  }
  return forms;
}
