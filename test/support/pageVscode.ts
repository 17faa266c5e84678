/** What of VS Code a page of ours needs for its markup; in the place of the module, which only an editor has. */
export const env = { language: "en" };
export const l10n = {
  t: (text: string, ...parts: string[]): string => text.replace(/\{(\d)\}/g, (_, index) => parts[Number(index)] ?? ""),
};
export const Uri = { joinPath: (base: string, ...parts: string[]): string => [base, ...parts].join("/") };
