import * as z from "zod/mini";
import en from "zod/v4/locales/en.js";

/*
 * Shapes that most others are made of. Each is made once, since a command that runs for a moment makes all of them, and
 * code that the library would write for it at run time is code that V8 cannot keep.
 */

z.config({ ...en(), jitless: true });

export const string = z.string();
export const strings = z.array(string);
export const number = z.number();
export const int = z.int();
export const boolean = z.boolean();
export const optionalString = z.optional(string);
export const optionalStrings = z.optional(strings);
export const optionalNumber = z.optional(number);
export const optionalInt = z.optional(int);
export const optionalBoolean = z.optional(boolean);
export const nullableString = z.nullable(string);
export const nullableInt = z.nullable(int);
export const nullableBoolean = z.nullable(boolean);
/** Any content but none. */
export const filledString = string.check(z.minLength(1));
