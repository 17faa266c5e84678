import { equal, match, ok } from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { ConfigurationTarget, extensions, workspace } from "vscode";
import { findBuiltinServer } from "../../../../src/embedded/launch";
import { until } from "../../../support/until";
import {
  doneProject,
  entryOf,
  probe,
  run,
  saysOfProject,
  sessionMs,
  sessionName,
  sessionRow,
} from "../../support/host";
import { personAtTheWindow } from "../../support/person";

describe("session servers", () => {
  const person = personAtTheWindow();

  it("are started and stopped by hand; the one that stops takes its sessions along only when the person says so", async () => {
    await run("startServer");
    const running = await findBuiltinServer();
    ok(running);
    await person().hears(new RegExp(`is running \\(process ${running.pid}\\)`));
    await run("stopServer");
    ok((await person().hears(/Stop the built-in session server/)).modal);
    ok(await findBuiltinServer());
    await run("stopServer", { force: true });
    equal(await findBuiltinServer(), undefined);
    await run("stopServer");
    await person().hears(/server is not running/);
  });

  it("are reached with the token that was set for their address", async () => {
    const place = mkdtempSync(join(tmpdir(), "wso-token-"));
    const program = join(
      extensions.getExtension("wsh-orchestrator.wsh-orchestrator")?.extensionPath ?? "",
      "dist/server.js",
    );
    const server = spawn(
      process.execPath,
      [program, "run", "--socket", join(place, "s.sock"), "--discovery", place, "--port", "0"],
      { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" } },
    );
    let said = "";
    for (const stream of [server.stdout, server.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    const setting = workspace.getConfiguration("wshOrchestrator");
    try {
      const url = await until(
        `the server tells its address: ${said}`,
        () => /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0],
        sessionMs,
      );
      await setting.update("server", url, ConfigurationTarget.Global);
      await run("doProject", { project: "secret", run: ["echo it is open"] }).catch(() => undefined);
      const refused = await person().hears(/token/i);
      ok(refused.buttons.includes("Set Token…"), refused.buttons.join());
      person().answers(/Address of the server/, url);
      person().answers(/secret storage/, readFileSync(join(place, "token"), "utf8").trim());
      await run("setServerToken");
      await run("doProject", { project: "secret", run: ["echo it is open"] });
      await saysOfProject("secret", "done");
      match(
        await entryOf(
          "secret",
          "its result",
          (entry) => entry.kind === "result" && entry.output?.includes("it is open") === true,
        ).then((entry) => entry.output ?? ""),
        /it is open/,
      );
    } finally {
      await setting.update("server", "builtin", ConfigurationTarget.Global);
      server.kill("SIGKILL");
      rmSync(place, { recursive: true, force: true });
    }
  });

  it("that die while a project runs are told, and a new one goes on with the project", async () => {
    await run("doProject", { project: "survivor", run: ["echo before", "sleep 60"] });
    await entryOf("survivor", "its command runs", (entry) => entry.kind === "command" && entry.input === "sleep 60");
    const server = await findBuiltinServer();
    ok(server);
    process.kill(server.pid, "SIGKILL");
    await sessionRow(sessionName("survivor"), "lost");
    const { running } = await probe();
    const question = await until(
      "somebody is asked, or it is over",
      async () =>
        (await probe()).trees.attention
          .getChildren()
          .find((each) => "project" in each && each.project === "survivor") ?? !running().includes("survivor"),
      sessionMs,
    );
    if (question !== true) {
      await run("stopProject", "survivor");
      await until("it is not running", () => !running().includes("survivor"), sessionMs);
    }
    const session = await doneProject("after-death", "echo alive");
    await sessionRow(session, "idle");
  });
});
