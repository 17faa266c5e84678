import { equal, match, ok } from "node:assert/strict";
import { describe, it } from "mocha";
import { ConfigurationTarget, workspace } from "vscode";
import { findBuiltinServer } from "../../../../src/embedded/launch";
import { FaultProxy } from "../../../support/faultProxy";
import { until } from "../../../support/until";
import { attach, terminalsOf } from "../../support/attachedTerminal";
import { doneProject, entries, entryOf, run, sessionMs, sessionRow } from "../../support/host";
import { panelOf } from "../../support/shownPanel";

async function killServer(): Promise<void> {
  const running = await findBuiltinServer();
  ok(running);
  process.kill(running.pid, "SIGKILL");
  await until("it has died", async () => (await findBuiltinServer()) === undefined);
}

/** A server whose connections can be cut, as those to another machine can. */
async function withProxy(test: (proxy: FaultProxy) => Promise<void>): Promise<void> {
  await run("startServer");
  const proxy = await FaultProxy.start((await findBuiltinServer())?.address ?? "");
  const setting = workspace.getConfiguration("wshOrchestrator");
  await setting.update("server", proxy.address, ConfigurationTarget.Global);
  try {
    await test(proxy);
  } finally {
    await setting.update("server", "builtin", ConfigurationTarget.Global);
    await proxy.stop();
  }
}

function goAway(proxy: FaultProxy): void {
  proxy.mode = "refuse";
  proxy.cut();
}

describe("a terminal whose server", () => {
  it("is killed says at once that its session is lost, keeps its screen, and closes with a key", async () => {
    const session = await doneProject("killed-under", "echo stands-on-screen");
    const { terminal, text } = await attach(session);
    await until("the screen is drawn", () => text().includes("stands-on-screen"), sessionMs);
    const before = text().length;
    await killServer();
    const since = (): string => text().slice(before);
    await until(
      "it says that the server ended, and what can be done",
      () => /ended, and its sessions with it\. The log is kept\. .*Press any key to close this terminal/.test(since()),
      sessionMs,
    );
    equal(terminalsOf(session).length, 1);
    ok(!/\x1b\[[23]?J|\x1bc/.test(since()), "nothing was wiped");
    equal(
      (await entryOf("killed-under", "that it was detached", (entry) => entry.event === "detached")).text.includes(
        "its sessions with it",
      ),
      true,
    );
    terminal.sendText("x", false);
    await until("it is closed", () => terminalsOf(session).length === 0);
  });

  it("is away for a while comes back by itself, with what was printed meanwhile", async () => {
    await withProxy(async (proxy) => {
      const session = await doneProject("away-under", "echo stands-on-screen");
      const { terminal, text } = await attach(session);
      await until("the screen is drawn", () => text().includes("stands-on-screen"), sessionMs);
      terminal.sendText("until [ -e back-again ]; do sleep 0.1; done; echo printed-$((40+2))");
      await until("it waits", () => text().includes("printed-$((40+2))"), sessionMs);
      goAway(proxy);
      await until(
        "it says so",
        () => /could not be reached for 10 s\. .*Press Enter to attach again/.test(text()),
        sessionMs,
      );
      const before = text().length;
      proxy.mode = "pass";
      await until("the screen is drawn again", () => text().slice(before).includes("stands-on-screen"), sessionMs);
      terminal.sendText("\x03echo typed-$((40+3))");
      await until("keys arrive again", () => text().slice(before).includes("typed-43"), sessionMs);
      ok(!text().slice(before).includes("Press Enter to attach again"));
      const told = entries("away-under").filter(
        (entry) => entry.kind === "session" && ["attached", "detached"].includes(entry.event ?? ""),
      );
      equal(told.map((entry) => entry.event).join(), "attached,detached,attached");
      terminal.dispose();
    });
  });
});

describe("a mirror whose server", () => {
  it("is killed says so, keeps its last screen, and says that the session is gone once there is a server again", async () => {
    const session = await doneProject("mirrored-killed", "echo stands-on-screen");
    const { panel, status, screen } = await panelOf(() => run("openMirror", session));
    await until("it shows the screen", () => screen().includes("stands-on-screen"), sessionMs);
    await killServer();
    await until("it says that it ended", () => status()?.banner?.text.includes("and its sessions with it"), sessionMs);
    match(status()?.noTyping ?? "", /not connected/);
    equal(status()?.banner?.acts.join(), "reattach,close");
    match(screen(), /stands-on-screen/);
    await run("startServer");
    await until(
      "it says what became of the session",
      () => /no longer exists.*last screen/.test(status()?.banner?.text ?? ""),
      sessionMs,
    );
    match(screen(), /stands-on-screen/);
    panel.dispose();
  });

  it("is away for a while comes back by itself, with what was printed meanwhile", async () => {
    await withProxy(async (proxy) => {
      const session = await doneProject("mirrored-away", "echo stands-on-screen");
      const { panel, status, screen } = await panelOf(() => run("openMirror", session));
      await until("it shows the screen", () => screen().includes("stands-on-screen"), sessionMs);
      goAway(proxy);
      await until(
        "it says that the server is away",
        () => status()?.banner?.text.includes("cannot be reached"),
        sessionMs,
      );
      match(screen(), /stands-on-screen/);
      await until(
        "it says more when it stays away",
        () =>
          status()?.banner?.text.includes("could not be reached") === true ||
          status()?.banner?.text.includes("cannot be reached"),
        sessionMs,
      );
      proxy.mode = "pass";
      await until("it is live again", () => status()?.banner === null, sessionMs);
      await sessionRow(session, "idle");
      await run("sendText", session, "echo printed-$((40+2))");
      await until("what is printed now is shown", () => screen().includes("printed-42"), sessionMs);
      panel.dispose();
    });
  });
});
