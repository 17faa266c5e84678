import { l10n } from "vscode";
import type { MirrorTexts } from "../../protocol/mirror";
import { escaped } from "./pageHtml";

/** Sentences that the page fills in itself. */
export function mirrorTexts(): MirrorTexts {
  return {
    take: l10n.t("Take Keyboard"),
    give: l10n.t("Give Back Keyboard"),
    pause: l10n.t("Pause"),
    follow: l10n.t("Follow"),
    following: l10n.t("Live"),
    notLive: l10n.t("Not live"),
    paused: l10n.t("Paused"),
    pausedBehind: { one: l10n.t("Paused; 1 new line"), many: l10n.t("Paused; {0} new lines", "{0}") },
    scrolled: l10n.t("Paused while you read; scroll to the end for the live view"),
    typing: l10n.t("Your keys go to {0}. Press Ctrl+] to give back the keyboard.", "{0}"),
    typingElsewhere: l10n.t("Click the screen to type into {0}. Press Ctrl+] to give back the keyboard.", "{0}"),
    earlier: { one: l10n.t("Show 1 earlier line"), many: l10n.t("Show {0} earlier lines", "{0}") },
    found: l10n.t("{0} of {1}", "{0}", "{1}"),
    notFound: l10n.t("Not found"),
    copied: { one: l10n.t("1 line copied"), many: l10n.t("{0} lines copied", "{0}") },
    size: l10n.t("{0} × {1}", "{0}", "{1}"),
    sizeSpoken: l10n.t("{0} columns, {1} rows", "{0}", "{1}"),
    followLink: l10n.t("{0}+click to open", "{0}"),
    noLink: l10n.t("There is no link in sight"),
    reattach: l10n.t("Reconnect"),
    close: l10n.t("Close"),
  };
}

/** What stands in the page before its script fills it. */
export function mirrorMarkup(): string {
  const button = (id: string, text: string, more = ""): string =>
    `<vscode-button id="${id}" appearance="secondary" ${more}>${escaped(text)}</vscode-button>`;
  /** One that gives way where the row is too narrow. */
  const control = (id: string, text: string, more = ""): string => button(id, text, `data-control ${more}`);
  const label = (text: string): string => `aria-label="${escaped(text)}"`;
  return `<main>
<div id="bar" class="bar" role="toolbar" ${label(l10n.t("Mirror"))}>
<h1 id="name"></h1><span id="project" class="quiet"></span><span id="agent" class="quiet"></span><span id="state" class="state"></span><span id="size" class="quiet" role="img"></span><span class="grow"></span>
${control("take", l10n.t("Take Keyboard"))}
${control("prompt", l10n.t("Prompt…"), "hidden")}
${control("pause", l10n.t("Pause"))}
${control("find-open", l10n.t("Find"))}
${control("copy", l10n.t("Copy"))}
${control("zoom-out", "−", label(l10n.t("Zoom out")))}
${control("zoom-in", "+", label(l10n.t("Zoom in")))}
${control("fit", l10n.t("Fit Session"))}
${control("as-text", l10n.t("Open as Text"))}
${control("explain", l10n.t("Explain State"))}
<vscode-checkbox id="spoken" data-control>${escaped(l10n.t("Announce new output"))}</vscode-checkbox>
${button("more", "…", `${label(l10n.t("More"))} aria-expanded="false" aria-controls="more-box" hidden`)}
</div>
<div id="more-box" role="group" ${label(l10n.t("More"))} hidden></div>
<div id="banner" role="alert" hidden><span id="banner-text" class="grow"></span>
${button("banner-answer", l10n.t("Answer"))}
${button("banner-reattach", l10n.t("Reconnect"))}
${button("banner-close", l10n.t("Close"))}
</div>
<div id="find" role="search" hidden>
<vscode-text-field id="find-text" ${label(l10n.t("Find in screen and history"))} placeholder="${escaped(l10n.t("Find"))}"></vscode-text-field>
<span id="find-count" role="status"></span>
${button("find-previous", "↑", label(l10n.t("Previous match")))}
${button("find-next", "↓", label(l10n.t("Next match")))}
${button("find-close", "×", label(l10n.t("Close find")))}
</div>
<div id="scroller" tabindex="0" role="log" aria-live="off" ${label(l10n.t("Screen. Press Enter to take the keyboard"))}>
<div id="content"><button id="earlier" type="button" hidden></button></div>
</div>
</main>
<div id="line" class="line" role="status"></div>
<div id="tip" aria-hidden="true" hidden></div>`;
}
