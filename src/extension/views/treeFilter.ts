import type { Memento } from "vscode";
import { type Event, EventEmitter } from "../../core/base/event";
import { isLiving } from "../../core/model/states";
import type { ProjectPicture } from "../../protocol/projectRows";
import { setContextKey } from "../contextKeyState";

const memoryKeys = { ended: "hidesEnded", archived: "showsArchived" } as const;

/** What Projects leaves out, as a person wants it in this workspace. */
export class TreeFilter {
  readonly #changes: EventEmitter<undefined>;
  readonly onChange: Event<undefined>;

  constructor(
    private readonly memory: Memento,
    failed: (error: unknown) => void,
  ) {
    this.#changes = new EventEmitter<undefined>(failed);
    this.onChange = this.#changes.event;
    this.#tell();
  }

  /** Sessions that ended or are lost. */
  hideEnded(hides: boolean): Promise<void> {
    return this.#set(memoryKeys.ended, hides);
  }

  /** Projects that were put away. */
  showArchived(shows: boolean): Promise<void> {
    return this.#set(memoryKeys.archived, shows);
  }

  isShown({ state }: Pick<ProjectPicture, "state">): boolean {
    return !state.archived || this.#is(memoryKeys.archived);
  }

  /** What of a project is shown. */
  part(picture: ProjectPicture): ProjectPicture {
    if (!this.#is(memoryKeys.ended)) return picture;
    return { ...picture, sessions: picture.sessions.filter((session) => isLiving(session)) };
  }

  #is(key: string): boolean {
    return this.memory.get<unknown>(key) === true;
  }

  async #set(key: string, value: boolean): Promise<void> {
    await this.memory.update(key, value);
    this.#tell();
    this.#changes.fire(undefined);
  }

  #tell(): void {
    setContextKey("hidesEnded", this.#is(memoryKeys.ended));
    setContextKey("showsArchived", this.#is(memoryKeys.archived));
  }
}
