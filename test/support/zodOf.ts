import * as z from "zod";
import type { Infer, Shape } from "../../src/core/base/shape";

/** The same shape in the library that the tests use: as a second opinion, and to make JSON schemas. */
export function zodOf<S extends Shape<unknown>>(shape: S): z.ZodType<Infer<S>> {
  return converted(shape) as z.ZodType<Infer<S>>;
}

function converted({ is }: Shape<unknown>): z.ZodType {
  switch (is.kind) {
    case "unknown":
      return z.unknown();
    case "boolean":
      return z.boolean();
    case "string":
      return is.least === 0 ? z.string() : z.string().min(is.least);
    case "number": {
      const all = is.whole ? z.int() : z.number();
      const from = is.min === undefined ? all : all.min(is.min);
      return is.max === undefined ? from : from.max(is.max);
    }
    case "choice":
      return is.of.every((each) => typeof each === "string") ? z.enum(is.of) : z.literal([...is.of]);
    case "optional":
      return converted(is.of).optional();
    case "nullable":
      return converted(is.of).nullable();
    case "list":
      return z.array(converted(is.of));
    case "record":
      return z.record(z.string(), converted(is.of));
    case "union":
      return z.union(is.of.map(converted));
    case "tuple": {
      const [first, ...others] = is.of.map(converted);
      return first === undefined ? z.tuple([]) : z.tuple([first, ...others]);
    }
    case "object": {
      const fields = Object.fromEntries(Object.entries(is.of).map(([name, field]) => [name, converted(field)]));
      return is.open ? z.looseObject(fields) : z.object(fields);
    }
    case "fallback":
      return converted(is.of).catch(is.value);
    case "where":
      return converted(is.of).refine(is.fits as (value: unknown) => boolean);
  }
}
