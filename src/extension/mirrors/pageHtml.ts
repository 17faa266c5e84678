import { randomBytes } from "node:crypto";
import { env, Uri, type Webview } from "vscode";

export type PageName = "mirror" | "overview";

/** The only folder that a page may load from. */
export function pageFolder(extensionUri: Uri): Uri {
  return Uri.joinPath(extensionUri, "dist", "webview");
}

/** A page around `body`, which is markup whose texts are escaped. Nothing but our own script and styles is let in. */
export function pageHtml(
  webview: Pick<Webview, "asWebviewUri" | "cspSource">,
  extensionUri: Uri,
  page: PageName,
  title: string,
  body: string,
): string {
  const nonce = randomBytes(18).toString("base64");
  const file = (name: string): string =>
    escaped(webview.asWebviewUri(Uri.joinPath(pageFolder(extensionUri), name)).toString());
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${escaped(env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${file(`${page}-styles.css`)}">
<title>${escaped(title)}</title>
</head>
<body>
${body}
<script nonce="${nonce}" src="${file(`${page}.js`)}"></script>
</body>
</html>`;
}

/** Text for markup. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
