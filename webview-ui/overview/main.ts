import type { OverviewEvents, OverviewRequests } from "../../src/protocol/overview";
import type { EventHandlers } from "../../src/protocol/pageMessages";
import { connect } from "../shared/bridge";
import { registerControls } from "../shared/controls";
import { OverviewPage } from "./overviewPage";

registerControls();

let page: OverviewPage | undefined;

const handlers: EventHandlers<OverviewEvents> = {
  tiles: ({ tiles, ended, notice }) => page?.tiles(tiles, ended, notice),
  screens: ({ screens }) => page?.screens(screens),
  look: (look) => page?.look(look),
};

const host = connect<OverviewRequests, OverviewEvents>(handlers);

void host.ask("ready", {}).then(({ look, texts }) => (page = new OverviewPage(host, look, texts)));
