import type {
  Asks,
  EventHandlers,
  HostAnswer,
  HostEvent,
  PageRequest,
  RequestShape,
} from "../../src/protocol/pageMessages";

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

const editor = acquireVsCodeApi();

/** What VS Code keeps of this page over a reload. */
export const kept = {
  get: (): unknown => editor.getState(),
  set: (state: unknown): void => editor.setState(state),
};

/**
 * Connects the page with its host: requests one way, events the other. `E` cannot be taken from the handlers by
 * accident: one that is missing does not compile.
 */
export function connect<R extends Record<keyof R, RequestShape>, E>(handlers: EventHandlers<E>): Asks<R> {
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  // An answer to a page that stood here before must not be taken for one to this page.
  let last = Math.floor(Math.random() * 2 ** 50);
  window.addEventListener("message", ({ data }: MessageEvent<HostAnswer | HostEvent>) => {
    if (data.kind === "event") {
      if (Object.hasOwn(handlers, data.name)) handlers[data.name as keyof E](data.params as never);
      return;
    }
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.kind === "answer") asked?.resolve(data.result);
    else asked?.reject(new Error(data.sentence));
  });
  return {
    say: (name, params) => editor.postMessage({ kind: "request", name, params } satisfies PageRequest),
    ask: (name, params) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve: resolve, reject });
        const request: PageRequest = { kind: "request", id, name, params };
        editor.postMessage(request);
      }),
  };
}
