/*
 * Shapes of stored and sent data, as checks and as types. A command that runs for a moment makes all that it may need,
 * so that a shape is a small object: nothing is worked out before a value is checked, and what fits is not copied.
 */

/** Where a value does not fit, and how: `is not a string`. */
export interface Misfit {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

interface Found extends Misfit {
  readonly path: (string | number)[];
}

export class ShapeError extends Error {
  override readonly name = "ShapeError";

  constructor(readonly issues: readonly Misfit[]) {
    super(issues.map(({ path, message }) => `${path.join(".")} ${message}`.trimStart()).join("; "));
  }
}

export type Checked<T> =
  | { readonly success: true; readonly data: T; readonly error?: undefined }
  | { readonly success: false; readonly data?: undefined; readonly error: ShapeError };

/** What a shape is made of. */
export type ShapeKind =
  | { readonly kind: "unknown" | "boolean" }
  /** `least`: its length. */
  | { readonly kind: "string"; readonly least: number }
  /** Finite; `whole`: a safe integer. */
  | { readonly kind: "number"; readonly whole: boolean; readonly min?: number; readonly max?: number }
  | { readonly kind: "choice"; readonly of: readonly (string | number)[] }
  | { readonly kind: "optional" | "nullable" | "list" | "record"; readonly of: Shape<unknown> }
  | { readonly kind: "union" | "tuple"; readonly of: readonly Shape<unknown>[] }
  /** Members that it does not name are kept; `open`: they may be asked for. */
  | { readonly kind: "object"; readonly of: Fields; readonly open: boolean }
  | { readonly kind: "fallback"; readonly of: Shape<unknown>; readonly value: unknown }
  | { readonly kind: "where"; readonly of: Shape<unknown>; readonly fits: (value: never) => boolean };

export class Shape<out T> {
  /** Of an object: its fields by name, and those that it must have; worked out when a value is checked. */
  #fields: ReadonlyMap<string, Shape<unknown>> | undefined;
  #needed: readonly string[] = [];

  constructor(readonly is: ShapeKind) {}

  /** Throws `ShapeError`. */
  parse(value: unknown): T {
    const checked = this.safeParse(value);
    if (!checked.success) throw checked.error;
    return checked.data;
  }

  /** Gives the value itself, or a copy where something in it is replaced by its fallback. */
  safeParse(value: unknown): Checked<T> {
    const issues: Found[] = [];
    const data = this.#take(value, issues) as T;
    return issues.length === 0 ? { success: true, data } : { success: false, error: new ShapeError(issues) };
  }

  #take(value: unknown, issues: Found[]): unknown {
    const { is } = this;
    switch (is.kind) {
      case "unknown":
        return value;
      case "boolean":
        return typeof value === "boolean" ? value : refused(value, "is neither true nor false", issues);
      case "string":
        if (typeof value !== "string") return refused(value, "is not a string", issues);
        return value.length < is.least ? refused(value, "is too short", issues) : value;
      case "number":
        if (!(is.whole ? Number.isSafeInteger(value) : Number.isFinite(value)))
          return refused(value, is.whole ? "is not a whole number" : "is not a number", issues);
        return (value as number) >= (is.min ?? -Infinity) && (value as number) <= (is.max ?? Infinity)
          ? value
          : refused(value, "is out of its range", issues);
      case "choice":
        return (is.of as readonly unknown[]).includes(value)
          ? value
          : refused(value, `is not ${is.of.join(" or ")}`, issues);
      case "optional":
        return value === undefined ? value : is.of.#take(value, issues);
      case "nullable":
        return value === null ? value : is.of.#take(value, issues);
      case "union":
        for (const each of is.of) {
          const checked = each.safeParse(value);
          if (checked.success) return checked.data;
        }
        return refused(value, "has an unexpected form", issues);
      case "fallback": {
        const checked = is.of.safeParse(value);
        return checked.success ? checked.data : is.value;
      }
      case "where": {
        const before = issues.length;
        const taken = is.of.#take(value, issues);
        return issues.length > before || is.fits(taken as never)
          ? taken
          : refused(value, "has an unexpected value", issues);
      }
      case "list":
        if (!Array.isArray(value)) return refused(value, "is not a list", issues);
        return this.#takeParts(value, value.keys(), () => is.of, issues);
      case "tuple":
        if (!Array.isArray(value) || value.length !== is.of.length)
          return refused(value, `is not a list of ${is.of.length}`, issues);
        return this.#takeParts(value, value.keys(), (index) => is.of[index], issues);
      case "record":
        if (!isMembers(value)) return refused(value, "is not an object", issues);
        return this.#takeParts(value, Object.keys(value), () => is.of, issues);
      case "object":
        if (!isMembers(value)) return refused(value, "is not an object", issues);
        return this.#takeObject(value, is.of, issues);
    }
  }

  #takeObject(value: Members, shapes: Fields, issues: Found[]): Members {
    let fields = this.#fields;
    if (fields === undefined) {
      fields = this.#fields = new Map(Object.entries(shapes));
      this.#needed = [...fields].flatMap(([name, { is }]) => (is.kind === "optional" ? [] : [name]));
    }
    const of = (name: string): Shape<unknown> | undefined => fields.get(name);
    const missing = this.#needed.filter((name) => !(name in value));
    const whole = missing.length === 0 ? value : this.#takeParts(value, missing, of, issues);
    return this.#takeParts(whole, Object.keys(value), of, issues);
  }

  /** Of an object or a list. What no shape is for is kept as it is. */
  #takeParts<V extends Members | readonly unknown[], K extends keyof V & (string | number)>(
    value: V,
    keys: Iterable<K>,
    of: (key: K) => Shape<unknown> | undefined,
    issues: Found[],
  ): V {
    let taken = value;
    for (const key of keys) {
      const shape = of(key);
      if (shape === undefined) continue;
      const before = issues.length;
      const part = shape.#take(value[key], issues);
      for (let index = before; index < issues.length; index++) issues[index]?.path.unshift(key);
      if (part === value[key]) continue;
      if (taken === value) taken = copyOf(value) as V;
      (taken as Record<K, unknown>)[key] = part;
    }
    return taken;
  }
}

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function copyOf(value: unknown): unknown {
  return Array.isArray(value) ? [...(value as readonly unknown[])] : { ...(value as Members) };
}

function refused<V>(value: V, message: string, issues: Found[]): V {
  issues.push({ path: [], message });
  return value;
}

/** What a shape takes. */
export type Infer<S extends Shape<unknown>> = S extends Shape<infer T> ? T : never;

export type Fields = Readonly<Record<string, Shape<unknown>>>;

/** For the compiler alone, which tells by it a field that may be absent. */
declare const mayBeAbsent: unique symbol;

type OptionalShape<T> = Shape<T | undefined> & { readonly [mayBeAbsent]: true };

type OptionalNames<F extends Fields> = {
  [K in keyof F]: F[K] extends OptionalShape<unknown> ? K : never;
}[keyof F];

type ObjectOf<F extends Fields> = Flat<
  { [N in Exclude<keyof F, OptionalNames<F>>]: Infer<F[N]> } & { [N in OptionalNames<F>]?: Infer<F[N]> }
>;

/** The same, as editors show it. */
type Flat<T> = { [K in keyof T]: T[K] };

export class ObjectShape<F extends Fields, More = unknown> extends Shape<ObjectOf<F> & More> {
  constructor(
    readonly shape: F,
    open: boolean,
  ) {
    super({ kind: "object", of: shape, open });
  }
}

export const unknown = new Shape<unknown>({ kind: "unknown" });
export const boolean = new Shape<boolean>({ kind: "boolean" });
export const string = new Shape<string>({ kind: "string", least: 0 });
/** Any content but none. */
export const filledString = new Shape<string>({ kind: "string", least: 1 });
export const number = new Shape<number>({ kind: "number", whole: false });
export const int = new Shape<number>({ kind: "number", whole: true });

/** A whole number within these. */
export function intFrom(min: number, max?: number): Shape<number> {
  return new Shape({ kind: "number", whole: true, min, ...(max === undefined ? {} : { max }) });
}

export function choice<const V extends string | number>(of: readonly V[]): Shape<V> {
  return new Shape({ kind: "choice", of });
}

export function optional<T>(of: Shape<T>): OptionalShape<T> {
  return new Shape({ kind: "optional", of }) as OptionalShape<T>;
}

export function nullable<T>(of: Shape<T>): Shape<T | null> {
  return new Shape({ kind: "nullable", of });
}

export function list<T>(of: Shape<T>): Shape<T[]> {
  return new Shape({ kind: "list", of });
}

/** The same, for who must not change it. */
export function readonlyList<T>(of: Shape<T>): Shape<readonly T[]> {
  return list(of);
}

export function tuple<const S extends readonly Shape<unknown>[]>(
  ...of: S
): Shape<{ -readonly [I in keyof S]: Infer<S[I]> }> {
  return new Shape({ kind: "tuple", of });
}

export function record<T>(of: Shape<T>): Shape<Record<string, T>> {
  return new Shape({ kind: "record", of });
}

/** The first that fits. */
export function union<const S extends readonly Shape<unknown>[]>(...of: S): Shape<Infer<S[number]>> {
  return new Shape({ kind: "union", of });
}

export function object<F extends Fields>(fields: F): ObjectShape<F> {
  return new ObjectShape(fields, false);
}

/** One whose other members are of interest, too. */
export function openObject<F extends Fields>(fields: F): ObjectShape<F, { [name: string]: unknown }> {
  return new ObjectShape(fields, true);
}

/** With these fields more, or in place of those that it has. */
export function extended<F extends Fields, M extends Fields, More>(
  { shape, is }: ObjectShape<F, More>,
  fields: M,
): ObjectShape<Omit<F, keyof M> & M, More> {
  return new ObjectShape<Omit<F, keyof M> & M, More>({ ...shape, ...fields }, is.kind === "object" && is.open);
}

/** Takes anything: `value` stands for what does not fit. */
export function fallback<T>(of: Shape<T>, value: T): Shape<T> {
  return new Shape({ kind: "fallback", of, value });
}

export function where<T>(of: Shape<T>, fits: (value: T) => boolean): Shape<T> {
  return new Shape({ kind: "where", of, fits });
}

export const strings = list(string);
export const optionalString = optional(string);
export const optionalStrings = optional(strings);
export const optionalNumber = optional(number);
export const optionalInt = optional(int);
export const optionalBoolean = optional(boolean);
export const nullableString = nullable(string);
export const nullableInt = nullable(int);
export const nullableBoolean = nullable(boolean);
