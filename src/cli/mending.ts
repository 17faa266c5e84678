import type { Remedy } from "../core/model/remedy";
import type { Check } from "../protocol/setupCheck";
import { remedyText } from "./remedyText";

/** What mends what a check found: in words of this command line, and as facts for those who have other means. */
export function mending(remedy: Remedy): Pick<Check, "next" | "remedy"> {
  return { next: remedyText(remedy), remedy };
}
