import * as l10n from "@vscode/l10n";
import { type Disposable, toDisposable } from "../core/base/lifecycle";
import { OrchestratorError } from "../core/model/errors";
import { advice } from "../core/model/remedy";
import { workspaceTag } from "../core/model/names";
import type { MirrorIdentity } from "../protocol/mirror";
import type { ViewingWorld } from "./viewingWorld";
import type { FollowedProject, WorkspaceRecords } from "./workspaceRecords";
import { type ReachedSession, reachSession, sessionEndSentence } from "./followedSessions";
import { SessionFeed } from "./sessionFeed";

/** One feed for each session that some page holds, however many do. */
export class SessionFeeds implements Disposable {
  readonly #feeds = new Map<string, { readonly feed: SessionFeed; holders: number }>();
  readonly #found: Disposable;

  constructor(
    private readonly world: ViewingWorld,
    private readonly records: WorkspaceRecords,
  ) {
    this.#found = records.onFound(() => {
      for (const { feed } of this.#feeds.values()) feed.again();
    });
  }

  identityOf(followed: FollowedProject, session: string): MirrorIdentity {
    return {
      session,
      project_id: followed.ledger.project_id,
      folder: workspaceTag(followed.folder.path),
    };
  }

  followed({ project_id, folder }: MirrorIdentity): FollowedProject | undefined {
    return this.records
      .all()
      .find((each) => each.ledger.project_id === project_id && workspaceTag(each.folder.path) === folder);
  }

  /** Throws `session_not_found` and what reaching the server throws. */
  async reach(identity: MirrorIdentity): Promise<ReachedSession> {
    if (!this.followed(identity)) await this.records.refresh();
    const followed = this.followed(identity);
    if (!followed)
      throw new OrchestratorError(
        "session_not_found",
        l10n.t("The project of {0} is not in this workspace.", identity.session),
        advice(l10n.t("Open the folder of the project.")),
      );
    return reachSession(this.world, this.records, identity.session, followed.key);
  }

  /** Until it is disposed of, it is the same feed for everybody. */
  hold(identity: MirrorIdentity): { readonly feed: SessionFeed } & Disposable {
    const key = JSON.stringify([identity.folder, identity.project_id, identity.session]);
    const held = this.#feeds.get(key) ?? { feed: this.#feed(identity), holders: 0 };
    this.#feeds.set(key, held);
    held.holders++;
    const release = toDisposable(() => {
      held.holders--;
      if (held.holders === 0) this.#feeds.delete(key);
    });
    return { feed: held.feed, dispose: () => release.dispose() };
  }

  dispose(): void {
    this.#found.dispose();
    this.#feeds.clear();
  }

  #feed(identity: MirrorIdentity): SessionFeed {
    return new SessionFeed({
      logger: this.world.logger,
      clock: this.world.clock,
      reach: () => this.reach(identity),
      endSentence: sessionEndSentence,
    });
  }
}
