import * as z from "zod";
import { type MirrorIdentity, type MirrorRequests, type MirrorView, mostHistoryRows, mostPaste } from "./mirror";
import { type LinkTarget, longestTarget, mostLinks, type ShownLink } from "./links";
import { mouseActions, mouseButtons } from "./mouseReport";
import { mostWatched, type OverviewRequests } from "./overview";
import type { PageRequest, RequestShape } from "./pageMessages";

/** What hosts accept of a page. Only hosts import this: pages stay free of the validator. */
export type RequestChecks<R extends Record<keyof R, RequestShape>> = {
  readonly [N in keyof R]: z.ZodType<R[N]["params"]>;
};

const nothing = z.strictObject({});
const shortText = z.string().max(10_000);
const name = z.string().min(1).max(300);
/** A terminal of up to 1000 by 1000 cells, as servers allow. */
const cells = z.number().int().min(1).max(1000);

export const pageRequestSchema: z.ZodType<PageRequest> = z.strictObject({
  kind: z.literal("request"),
  id: z.number().int().min(0).optional(),
  name: z.string().max(100),
  params: z.unknown(),
});

const target: z.ZodType<LinkTarget> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("address"), address: z.string().max(longestTarget) }),
  z.strictObject({
    kind: z.literal("file"),
    path: z.string().min(1).max(longestTarget),
    line: z.number().int().min(0).optional(),
    column: z.number().int().min(0).optional(),
  }),
]);
const link: z.ZodType<ShownLink> = z.strictObject({ text: shortText, target, given: z.boolean() });
const place = z.number().int().min(0).max(100_000);

export const mirrorChecks: RequestChecks<MirrorRequests> = {
  ready: nothing,
  resync: nothing,
  history: z.strictObject({ lines: z.number().int().min(1).max(mostHistoryRows) }),
  takeKeyboard: nothing,
  giveKeyboard: nothing,
  keys: z.strictObject({ text: shortText }),
  paste: z.strictObject({ text: z.string().max(mostPaste) }),
  pasteClipboard: nothing,
  openable: z.strictObject({ targets: z.array(target).max(mostLinks) }),
  openLink: link,
  chooseLink: z.strictObject({ links: z.array(link).max(mostLinks) }),
  mouse: z.strictObject({
    action: z.enum(mouseActions),
    button: z.enum(mouseButtons),
    row: place,
    col: place,
    x: place,
    y: place,
    shift: z.boolean(),
    alt: z.boolean(),
    ctrl: z.boolean(),
    lines: z.number().int().min(0).max(1000),
  }),
  copy: z.strictObject({ text: z.string().max(50_000_000) }),
  openAsText: nothing,
  explain: nothing,
  prompt: nothing,
  fit: z.strictObject({ rows: cells, cols: cells }),
  answer: nothing,
  reattach: nothing,
  close: nothing,
};

const ids = z.strictObject({ ids: z.array(z.string().max(5000)).max(mostWatched) });

export const overviewChecks: RequestChecks<OverviewRequests> = {
  ready: nothing,
  include: z.strictObject({ ended: z.boolean() }),
  watch: ids,
  resync: ids,
  open: z.strictObject({ id: z.string().max(5000) }),
};

const identitySchema: z.ZodType<MirrorIdentity> = z.looseObject({
  session: name,
  project_id: name,
  folder: z.string().max(100),
});
const viewSchema: z.ZodType<MirrorView> = z.looseObject({ zoom: z.number(), paused: z.boolean(), spoken: z.boolean() });

/** What VS Code kept of a panel; undefined when it is nothing of ours. */
export function readKeptMirror(state: unknown): { identity: MirrorIdentity; view?: MirrorView } | undefined {
  const { data } = z.looseObject({ identity: identitySchema, view: viewSchema.optional() }).safeParse(state);
  return data && { identity: data.identity, ...(data.view && { view: data.view }) };
}
