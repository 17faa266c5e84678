import { Option } from "commander";
import type { AnswerOptions, AttentionOptions } from "./commands/attention";
import type { HandoffOptions } from "./commands/handoff";
import type { NoteOptions } from "./commands/note";
import type { Registration } from "./commandOptions";
import { examples, paragraphs } from "./programHelp";

/** What people and sessions say to each other. */
export function registerQuestions({ program, action }: Registration): void {
  program
    .command("attention")
    .description("List the questions that need your answer, oldest first, and the sessions that need you")
    .argument("[project]", "Name of a project (default: all); with --seen also of a session")
    .addOption(
      new Option(
        "--next",
        "Show the most urgent one with the end of its screen; at a terminal, ask for the answer",
      ).conflicts("seen"),
    )
    .option("--seen", "Mark what sessions have done as seen")
    .addHelpText("after", examples("attention", "attention --next", "attention --seen builder::1"))
    .action(
      action<AttentionOptions>(async (container, [project], options) => {
        if (options.next) return (await import("./commands/nextNeed")).nextNeed(container, project);
        if (options.seen) return (await import("./commands/markSeen")).markSeen(container, project);
        const { listAttention } = await import("./commands/attention");
        return listAttention(container, project);
      }),
    );
  program
    .command("answer")
    .description("Answer a question of a project")
    .argument("<entry-id>", "Id of the question, or the end of it; attention shows it. Or the session that asks")
    .argument("[answer...]", "One of its options, or any text if it has none; left out for a secret")
    .option("--interrupt", "Type Ctrl-C instead of an answer, if what is asked still stands")
    .option("--resume", "Also resume the project if it is not running")
    .option(
      "-y, --yes",
      "Confirm words of your own that the policy asks about, or interrupting what no task runs (only at a terminal)",
    )
    .addHelpText(
      "after",
      paragraphs(
        "retry runs the task again. skip skips the task and every task that needs it. run allows the command. " +
          "done treats a command or prompt of unknown outcome as succeeded.",
        "run counts once and within 24 hours, for the command that was asked about. A session cannot answer.",
        "What a program asks in its session is typed there, if it still stands. A secret is asked for without being shown, or read from a pipe.",
        "What a session asks that no question is about yet is shown first, and answered then; a terminal asks for the answer.",
        "A running project continues with the answer at once. Only the first answer to a question counts.",
      ),
    )
    .addHelpText(
      "after",
      examples("answer 7KQX2M skip", "answer 7KQX2M retry --resume", "answer builder::1", "answer 7KQX2M --interrupt"),
    )
    .action(
      action<AnswerOptions>(async (container, [id = "", ...words], options) => {
        const { answerOne } = await import("./commands/attention");
        return answerOne(container, id, words, options);
      }),
    );
  program
    .command("note")
    .description("Add a note to the log of a project")
    .argument("<project>", "Name of the project")
    .argument("<text...>", "Text of the note")
    .option("-s, --session <session>", "Session that the note is about")
    .addHelpText("after", examples('note alpha "The key changes on Friday."'))
    .action(
      action<NoteOptions>(async (container, [project = "", ...text], options) => {
        const { noteProject } = await import("./commands/note");
        return noteProject(container, project, text.join(" "), options);
      }),
    );
  program
    .command("handoff")
    .description("Pass a handoff note from one session to a role or session")
    .argument("<project>", "Name of the project")
    .argument("<text...>", "Text of the note: what was done, and what to do next")
    .requiredOption("--from <session>", "Session that hands over")
    .requiredOption("--to <receiver>", "Role or session that continues the work")
    .addHelpText(
      "after",
      examples('handoff alpha --from builder::1 --to reviewer \\\n      "Look at the parser first."'),
    )
    .action(
      action<HandoffOptions>(async (container, [project = "", ...text], options) => {
        const { handOver } = await import("./commands/handoff");
        return handOver(container, project, text.join(" "), options);
      }),
    );
}
