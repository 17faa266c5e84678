import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunningCli } from "../support/cliWorld";
import { cliOnServer } from "../support/cliOnServer";
import { serverKinds } from "../support/servers";
import { until } from "../support/until";

interface Shown {
  readonly state: string;
  readonly state_kind?: string | null;
}

const session = "proj-quiet::shell::1";
const wire = "proj-quiet.shell.1";

describe.each(serverKinds.filter((kind) => !kind.title.includes("token")))(
  "a wait that a person has denied in a project that is not running, on the $title",
  ({ missing, start }) => {
    const test = missing === undefined ? it : it.skip;
    const place = cliOnServer({ missing, start });
    const { run } = place;
    beforeAll(async () => {
      if (missing !== undefined) return;
      await run("do", "quiet", "--run", "true");
      await run("send", session, 'for n in 1 2 3; do read -p "Go on with $n? [y/N] " x; done');
      await shows("Go on with 1? [y/N]");
    });
    const shows = (text: string): Promise<unknown> =>
      until(`it shows ${text}`, async () =>
        (await place.server.screen(wire, "plain")).lines.some(
          (line) => typeof line === "string" && line.includes(text),
        ),
      );
    const looks = async (): Promise<[string | undefined, string | undefined, number]> => {
      const { projects } = (await place.json("status")) as {
        projects: { sessions: Shown[] }[];
      };
      const sessions = (await place.json("sessions")) as Shown[];
      const { stdout } = await run("attention");
      return [projects[0]?.sessions[0]?.state, sessions[0]?.state, stdout.includes("shell::1") ? 1 : 0];
    };
    test("stays so at each look while the same prompt stands, and until it is taken back", async () => {
      await until("it is seen to wait", async () => (await looks())[0] === "waiting");
      expect(await looks()).toEqual(["waiting", "waiting", 1]);
      expect(await run("explain", session, "--wrong", "idle")).toMatchObject({ code: 0 });
      expect(await looks()).toEqual(["idle", "idle", 0]);
      expect(await run("wait", session, "--state", "idle", "--timeout", "10s")).toMatchObject({ code: 0 });
      expect(await run("explain", session, "--wrong", "waiting:confirm")).toMatchObject({ code: 0 });
      expect(await looks()).toEqual(["waiting", "waiting", 1]);
      expect(await run("explain", session, "--wrong", "working")).toMatchObject({ code: 0 });
      expect(await looks()).toEqual(["working", "working", 0]);
    });

    test("waits again at the next prompt, however soon that comes and whatever was said", async () => {
      for (const [number, said] of ["idle", "working"].entries()) {
        await run("explain", session, "--wrong", said);
        await place.server.sendInput(wire, "n\r");
        await shows(`Go on with ${number + 2}? [y/N]`);
        await until("it is seen to wait", async () => (await looks())[0] === "waiting");
        expect(await looks()).toEqual(["waiting", "waiting", 1]);
      }
    });

    test("is not asked about by a run in the place of one that was killed, which asks about the next one", async () => {
      const command = 'for n in 1 2; do read -p "Ship $n? [y/N] " x; done';
      const begin = (): RunningCli => place.begin("do", "ships", "--run", command);
      const questions = (): string[] =>
        existsSync(join(place.world.projectFolder("ships"), "events-000001.jsonl"))
          ? place.world.entries("ships").flatMap(({ event, text }) => (event === "terminal_asks" ? [text] : []))
          : [];
      const first = begin();
      await until("it is asked", () => questions().length === 1);
      const ship = "proj-ships::shell::1";
      expect(await run("explain", ship, "--wrong", "working")).toMatchObject({ code: 0 });
      first.child.kill("SIGKILL");
      await first.done;
      const second = begin();
      await until("it is run again", () =>
        place.world.entries("ships").some(({ kind, event, pid }) => {
          return kind === "lease" && event === "claimed" && pid === second.child.pid;
        }),
      );
      // It would be asked about after a second.
      expect(await run("wait", ship, "--state", "waiting", "--timeout", "4s")).toMatchObject({ code: 3 });
      expect(questions()).toHaveLength(1);
      await place.server.sendInput("proj-ships.shell.1", "n\r");
      await until("the next one is asked", () => questions().length === 2);
      expect(questions()[1]).toContain("Ship 2?");
      await place.server.sendInput("proj-ships.shell.1", "n\r");
      expect((await second.done).code).toBe(0);
    });
  },
);
