import type { MirrorEvents, MirrorRequests } from "../../src/protocol/mirror";
import type { EventHandlers } from "../../src/protocol/pageMessages";
import { connect } from "../shared/bridge";
import { registerControls } from "../shared/controls";
import { MirrorPage } from "./mirrorPage";

registerControls();

let page: MirrorPage | undefined;

const handlers: EventHandlers<MirrorEvents> = {
  picture: (picture) => page?.picture(picture),
  change: (change) => page?.change(change),
  look: (look) => page?.look(look),
  status: (status) => page?.status(status),
  act: ({ act }) => page?.act(act),
  keyboard: ({ taken }) => page?.keyboardIs(taken),
};

const host = connect<MirrorRequests, MirrorEvents>(handlers);

void host.ask("ready", {}).then((start) => (page = new MirrorPage(host, start)));
