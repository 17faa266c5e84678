import { describe, expect, it } from "vitest";
import { deferred } from "../../../src/core/base/async";
import type { PlanRole } from "../../../src/core/model/plan";
import type { SessionContext } from "../../../src/core/model/session";
import type { OpenSession } from "../../../src/core/session/openSession";
import type { SessionOpener } from "../../../src/core/session/sessionOpener";
import { SessionPool } from "../../../src/core/session/sessionPool";
import { silentLogger } from "../../support/systemClock";

const role: PlanRole = { name: "worker", env: {}, count: 1 };
const name = "proj-alpha::worker::1";
const known = { session_name: name } as SessionContext;

interface FakeSession {
  readonly open: OpenSession;
  letGo: boolean;
}

/** As far as the pool looks at it. */
function session(): FakeSession {
  const fake: FakeSession = {
    letGo: false,
    open: {
      name,
      role,
      busy: true,
      mode: "marks",
      startedIn: undefined,
      shell: { over: undefined, marks: {}, dispose: () => (fake.letGo = true) },
    } as unknown as OpenSession,
  };
  return fake;
}

function poolOf(opener: Partial<Record<keyof SessionOpener, unknown>>): SessionPool {
  const none = { reuse: () => Promise.resolve(undefined), isSettled: () => true };
  return new SessionPool({ ...none, ...opener } as unknown as SessionOpener, 4, silentLogger);
}

describe("a session that is to be made anew", () => {
  it("is, also when its task gives it back before its end is seen; who waits for the role gets the new one", async () => {
    const made = [session(), session()];
    const ended: OpenSession[] = [];
    const pool = poolOf({
      create: () => Promise.resolve(made[0]?.open),
      end: (each: OpenSession) => Promise.resolve(void ended.push(each)),
      restart: () => Promise.resolve(made[1]?.open),
    });
    const { signal } = new AbortController();
    const first = await pool.acquire(role, signal);
    const next = pool.acquire(role, signal);
    const restarted = pool.restart(known, role, "human:test", signal);
    pool.release(first, "free", signal);
    await restarted;
    expect(ended).toEqual([first]);
    expect(await next).toBe(made[1]?.open);
    expect(pool.sessions).toEqual([made[1]?.open]);
  });
});

describe("a pool that is closed", () => {
  const { signal } = new AbortController();

  /** What makes a session is under way until `made` is told, whatever becomes of its signal. */
  function slow(method: "create" | "restart" | "reopen"): {
    readonly pool: SessionPool;
    readonly made: FakeSession;
    readonly finish: () => void;
    readonly asked: () => AbortSignal | undefined;
  } {
    const made = session();
    const opening = deferred<OpenSession>();
    let asked: AbortSignal | undefined;
    const make = (...args: unknown[]): Promise<OpenSession> => {
      asked = args.findLast((each): each is AbortSignal => each instanceof AbortSignal);
      return opening.promise;
    };
    const pool = poolOf({ [method]: make });
    return { pool, made, finish: () => opening.resolve(made.open), asked: () => asked };
  }

  it("lets go of a session that was being opened", async () => {
    const { pool, made, finish, asked } = slow("create");
    const acquired = pool.acquire(role, signal);
    await Promise.resolve();
    await Promise.resolve();
    const closed = pool.close();
    expect(asked()?.aborted).toBe(true);
    finish();
    await closed;
    await expect(acquired).rejects.toMatchObject({ code: "cancelled" });
    expect(made.letGo).toBe(true);
    expect(pool.sessions).toEqual([]);
  });

  it("is closed only once what was being opened is let go", async () => {
    const { pool, made, finish } = slow("create");
    pool.acquire(role, signal).catch(() => undefined);
    await Promise.resolve();
    let closed = false;
    const closing = pool.close().then(() => (closed = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect([closed, made.letGo]).toEqual([false, false]);
    finish();
    await closing;
    expect(made.letGo).toBe(true);
  });

  it("lets go of a session that was being made anew", async () => {
    const { pool, made, finish, asked } = slow("restart");
    const restarted = pool.restart(known, role, "human:test", signal);
    const closed = pool.close();
    expect(asked()?.aborted).toBe(true);
    finish();
    await closed;
    await expect(restarted).rejects.toMatchObject({ code: "cancelled" });
    expect(made.letGo).toBe(true);
  });

  it("lets go of a session that was being taken up", async () => {
    const { pool, made, finish } = slow("reopen");
    const reopened = pool.reopen(known, role, signal);
    const closed = pool.close();
    finish();
    await closed;
    await expect(reopened).rejects.toMatchObject({ code: "cancelled" });
    expect(made.letGo).toBe(true);
  });

  it("waits for nobody who has the session that is to be made anew", async () => {
    const had = session();
    const pool = poolOf({ create: () => Promise.resolve(had.open), end: () => Promise.resolve() });
    await pool.acquire(role, signal);
    const restarted = pool.restart(known, role, "human:test", signal);
    restarted.catch(() => undefined);
    await pool.close();
    await expect(restarted).rejects.toMatchObject({ code: "cancelled" });
    expect(had.letGo).toBe(true);
  });

  it("tells everybody who waits for a session, and opens none any more", async () => {
    let made = 0;
    const pool = poolOf({ create: () => Promise.resolve((made++, session().open)) });
    const first = await pool.acquire(role, signal);
    const waiting = pool.acquire(role, signal);
    waiting.catch(() => undefined);
    await pool.close();
    await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
    pool.release(first, "free", signal);
    await expect(pool.acquire(role, signal)).rejects.toMatchObject({ code: "cancelled" });
    expect([made, pool.sessions]).toEqual([1, []]);
  });

  it("lets go of a session that somebody took up who did not wait for it any more", async () => {
    const { pool, made, finish } = slow("create");
    const leaving = new AbortController();
    const acquired = pool.acquire(role, leaving.signal);
    leaving.abort(new Error("left"));
    await expect(acquired).rejects.toThrow("left");
    const closed = pool.close();
    finish();
    await closed;
    await new Promise((resolve) => setImmediate(resolve));
    expect([made.letGo, pool.sessions]).toEqual([true, []]);
  });
});
