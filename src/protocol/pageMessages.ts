/**
 * How a page of a webview and its host talk. A feature writes down its requests (page to host) and events (host to
 * page) as interfaces; the tables of handlers below make a missing one an error of the compiler on either side.
 */

/** What a page wants; `params` are nothing that a host may trust. */
export interface PageRequest {
  readonly kind: "request";
  /** Without one nobody waits for an answer. */
  readonly id?: number | undefined;
  readonly name: string;
  readonly params: unknown;
}

/** The answer to one request. */
export type HostAnswer =
  | { readonly kind: "answer"; readonly id: number; readonly result: unknown }
  /** `sentence`: what the person reads. */
  | { readonly kind: "refusal"; readonly id: number; readonly sentence: string };

export interface HostEvent {
  readonly kind: "event";
  readonly name: string;
  readonly params: unknown;
}

/** One entry of an interface of requests. */
export interface RequestShape {
  readonly params: unknown;
  readonly result: unknown;
}

export type RequestHandlers<R extends Record<keyof R, RequestShape>> = {
  readonly [N in keyof R]: (params: R[N]["params"]) => R[N]["result"] | Promise<R[N]["result"]>;
};

export type EventHandlers<E> = { readonly [N in keyof E]: (params: E[N]) => void };

/** How a page asks its host. */
export interface Asks<R extends Record<keyof R, RequestShape>> {
  /**
   * For what cannot wait: an answer would keep the editor from what comes after it. What goes wrong, the host tells as
   * an event.
   */
  say<N extends keyof R & string>(name: N, params: R[N]["params"]): void;
  /** Rejects with the host's sentence. */
  ask<N extends keyof R & string>(name: N, params: R[N]["params"]): Promise<R[N]["result"]>;
}

/** How a host tells its page. */
export interface Tells<E> {
  tell<N extends keyof E & string>(name: N, params: E[N]): void;
}
