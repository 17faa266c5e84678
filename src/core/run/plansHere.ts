import type { PlanFunctions, PlanWork } from "../ports/plans";

const functions = async (): Promise<PlanFunctions> => (await import("./planFunctions")).planFunctions;

/** Plans are worked on in this very thread; what does it is loaded with the first of them. */
export const plansHere: PlanWork = {
  parsePlan: async (...given) => (await functions()).parsePlan(...given),
  parseStoredPlan: async (...given) => (await functions()).parseStoredPlan(...given),
  givenTaskIds: async (...given) => (await functions()).givenTaskIds(...given),
  withGivenTasks: async (...given) => (await functions()).withGivenTasks(...given),
  storablePlan: async (...given) => (await functions()).storablePlan(...given),
  planOutline: async (...given) => (await functions()).planOutline(...given),
  planCompletions: async (...given) => (await functions()).planCompletions(...given),
  planHover: async (...given) => (await functions()).planHover(...given),
};
