import type { RawHttp } from "./rawHttp";

/** Sub-eras of wsh's wire whose programs can be built, oldest first. */
const wireEras = ["A0", "A1", "A2", "B0", "B1", "B2"] as const;
export type WireEra = (typeof wireEras)[number];

export const isSince = (era: WireEra, first: WireEra): boolean => wireEras.indexOf(era) >= wireEras.indexOf(first);

/**
 * The era of a running server, told by what it answers; its version says the same in all of them. Changes nothing on
 * the server.
 */
export async function eraOf(http: RawHttp): Promise<WireEra> {
  if ((await http.get("/server/info")).status === 200) return "B2";
  if ((await http.get("/idle")).status === 400)
    return (await http.get("/health")).headers["x-frame-options"] === undefined ? "B0" : "B1";
  // The oldest has nothing at its root, and the next one wants a name in a PATCH before it looks for the session.
  if ((await http.get("/")).status === 404) return "A0";
  return (await http.send("PATCH", "/sessions/nobody", { json: {} })).status === 422 ? "A1" : "A2";
}
