import { parentPort } from "node:worker_threads";
import { PlanError } from "../../core/model/planError";
import type { RuleFileText } from "../../core/model/checkedRules";
import { planFunctions } from "../../core/run/planFunctions";
import { checkRules } from "../../core/sense/checkRules";
import { shippedCatalog } from "../../core/sense/programs/catalog";
import type { TextAnswer, TextRequest } from "./textThreadMessages";

const functions = {
  ...planFunctions,
  checkRules: (files: readonly RuleFileText[]) => checkRules(files, shippedCatalog),
};

/** A program of its own, in a thread of a window: answers one request after the other. */
parentPort?.on("message", ({ id, ...request }: TextRequest & { readonly id: number }) => {
  parentPort?.postMessage(answerTo(id, request));
});

function answerTo(id: number, { name, given }: TextRequest): TextAnswer {
  // Each name comes with what its function is given.
  const work = functions[name] as (...all: TextRequest["given"]) => unknown;
  try {
    return { id, is: "done", result: work(...given) };
  } catch (error) {
    return error instanceof PlanError ? { id, is: "invalid", problems: error.problems } : { id, is: "failed", error };
  }
}
