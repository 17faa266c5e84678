import { givenTaskIds, withGivenTasks } from "../model/givenTasks";
import { parsePlan, parseStoredPlan } from "../model/plan";
import { planCompletions } from "../model/planCompletions";
import { planHover } from "../model/planHover";
import { planOutline } from "../model/planPlaces";
import type { PlanFunctions } from "../ports/plans";
import { redactorWith } from "../safety/redaction";
import { storablePlan } from "./storedPlan";

/** What `PlanWork` does, wherever it is done. What makes or changes a plan may throw PlanError. */
export const planFunctions: PlanFunctions = {
  parsePlan,
  parseStoredPlan,
  givenTaskIds,
  withGivenTasks,
  storablePlan: (text, plan, redaction) => storablePlan(plan, text, redactorWith(redaction)),
  planOutline,
  planCompletions,
  planHover,
};
