import type { EntryDraft } from "../../../src/core/model/entry";
import type { SessionState } from "../../../src/core/model/states";
import type { Clock } from "../../../src/core/ports/machine";
import type { ProjectPicture } from "../../../src/protocol/projectRows";
import { MemoryRecord } from "../../support/memoryRecord";

/** A project as a person's view has it: its record, kept nowhere, and what is drawn of it. */
export class ViewedProject {
  readonly key: string;
  readonly record: MemoryRecord;

  constructor(
    readonly name: string,
    private readonly clock: Pick<Clock, "now">,
  ) {
    this.key = `/w#${name}`;
    this.record = new MemoryRecord(clock);
  }

  get picture(): ProjectPicture {
    const { state } = this.record;
    const project = {
      project_id: this.name,
      name: this.name,
      goal: "",
      status: state.status,
      default_cwd: "/w",
      active_branch: null,
      owner: "o",
      updated_at: new Date(this.clock.now()).toISOString(),
    };
    const sessions = [...state.sessions.values()];
    return { key: this.key, project, state, sessions, runner: { who: "nobody" }, folder: undefined };
  }

  /** The logical name of its only kind of session. */
  session(index = 1): string {
    return `proj-${this.name}::worker::${index}`;
  }

  /** A session does something. */
  async does(state: SessionState, index = 1): Promise<void> {
    const about = { kind: "session", actor: "engine", session_name: this.session(index), role: "worker" } as const;
    await this.record.append({ ...about, event: "created", state, text: state });
  }

  /** A person is asked, about the first session; gives the question's id. */
  async asks(text: string, more: Partial<EntryDraft> = {}): Promise<string> {
    const entry = await this.record.append({
      kind: "blocked",
      actor: "agent:x",
      session_name: this.session(),
      text,
      options: ["yes", "no"],
      human_attention_needed: true,
      ...more,
    });
    return entry.id;
  }
}
