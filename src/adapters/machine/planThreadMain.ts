import { parentPort } from "node:worker_threads";
import { PlanError } from "../../core/model/planError";
import { planFunctions } from "../../core/run/planFunctions";
import type { PlanAnswer, PlanRequest } from "./planThreadMessages";

/** A program of its own, in a thread of a window: answers one request after the other. */
parentPort?.on("message", ({ id, ...request }: PlanRequest & { readonly id: number }) => {
  parentPort?.postMessage(answerTo(id, request));
});

function answerTo(id: number, { name, given }: PlanRequest): PlanAnswer {
  // Each name comes with what its function is given.
  const work = planFunctions[name] as (...all: PlanRequest["given"]) => unknown;
  try {
    return { id, is: "done", result: work(...given) };
  } catch (error) {
    return error instanceof PlanError ? { id, is: "invalid", problems: error.problems } : { id, is: "failed", error };
  }
}
