import { describe, expect, it } from "vitest";
import type { PlanRole } from "../../../src/core/model/plan";
import type { SessionContext } from "../../../src/core/model/session";
import type { OpenSession, SessionOpener } from "../../../src/core/session/sessionOpener";
import { SessionPool } from "../../../src/core/session/sessionPool";
import { silentLogger } from "../../support/systemClock";

const role: PlanRole = { name: "worker", env: {}, count: 1 };
const name = "proj-alpha::worker::1";

/** As far as the pool looks at it. */
function session(): OpenSession {
  return {
    name,
    role,
    busy: true,
    mode: "marks",
    startedIn: undefined,
    shell: { over: undefined, marks: {}, dispose: () => undefined },
  } as unknown as OpenSession;
}

describe("a session that is to be made anew", () => {
  it("is, also when its task gives it back before its end is seen; who waits for the role gets the new one", async () => {
    const made = [session(), session()];
    const ended: OpenSession[] = [];
    const opener = {
      reuse: () => Promise.resolve(undefined),
      create: () => Promise.resolve(made[0]),
      end: (each: OpenSession) => Promise.resolve(void ended.push(each)),
      restart: () => Promise.resolve(made[1]),
    } as unknown as SessionOpener;
    const pool = new SessionPool(opener, 4, silentLogger);
    const { signal } = new AbortController();
    const first = await pool.acquire(role, signal);
    const next = pool.acquire(role, signal);
    const restarted = pool.restart({ session_name: name } as SessionContext, role, "human:test", signal);
    pool.release(first, "free", signal);
    await restarted;
    expect(ended).toEqual([first]);
    expect(await next).toBe(made[1]);
    expect(pool.sessions).toEqual([made[1]]);
  });
});
