import {
  type OverviewTexts,
  type OverviewView,
  type Tile,
  type TileGroup,
  tileGroups,
  wholeView,
} from "../../src/protocol/overview";
import { type Dropdown, element, onClick, type TextField } from "../shared/controls";
import { counted } from "../shared/countedText";
import { stateIcon } from "../shared/stateIcon";
import { groupCounts } from "./chosenTiles";

/** What of the overview is shown, and how: the controls above the grid. */
export class FilterBar {
  readonly #project = element("project") as Dropdown;
  readonly #sort = element("sort") as Dropdown;
  readonly #size = element("size") as Dropdown;
  readonly #text = element("text") as TextField;
  readonly #groups = element("groups");
  readonly #buttons = new Map<TileGroup, HTMLButtonElement>();

  constructor(
    private readonly texts: OverviewTexts,
    private view: OverviewView,
    private readonly changed: (view: OverviewView) => void,
  ) {
    this.#sort.value = view.sort;
    this.#size.value = view.size;
    this.#text.value = view.text;
    this.#project.addEventListener("change", () => this.#change({ project: this.#project.value }));
    this.#sort.addEventListener("change", () => this.#change({ sort: this.#sort.value as OverviewView["sort"] }));
    this.#size.addEventListener("change", () => this.#change({ size: this.#size.value as OverviewView["size"] }));
    this.#text.addEventListener("input", () => this.#change({ text: this.#text.value }));
    onClick("clear", () => this.clear());
    for (const group of tileGroups) this.#groups.append(this.#button(group));
  }

  /** Everything that lives is shown; order and size stay. */
  clear(): void {
    const { project, groups, text } = wholeView;
    this.#text.value = text;
    this.#project.value = project;
    this.#change({ project, groups, text });
  }

  focusText(): void {
    this.#text.focus();
  }

  /** Of all tiles. */
  show(tiles: readonly Tile[], ended: number): void {
    this.#showProjects([...new Set(tiles.map((tile) => tile.project))].sort());
    const counts = groupCounts(tiles, this.view, ended);
    for (const [group, button] of this.#buttons) {
      const count = counts.get(group) ?? 0;
      const isChosen = this.view.groups.includes(group);
      button.hidden = count === 0 && !isChosen;
      button.setAttribute("aria-pressed", String(isChosen));
      const word = button.querySelector("span");
      if (word) word.textContent = counted(this.texts.groups[group].count, count);
    }
    this.#groups.hidden = [...this.#buttons.values()].every((button) => button.hidden);
  }

  #showProjects(projects: readonly string[]): void {
    const { project } = this.view;
    // A project without a session that can be seen stays chosen: its sessions may come.
    const wanted = project === "" || projects.includes(project) ? projects : [...projects, project].sort();
    const options = [...this.#project.querySelectorAll("vscode-option")].slice(1);
    if (JSON.stringify(options.map((option) => option.textContent)) !== JSON.stringify(wanted)) {
      for (const option of options) option.remove();
      for (const each of wanted) {
        const option = document.createElement("vscode-option");
        option.setAttribute("value", each);
        option.textContent = each;
        this.#project.append(option);
      }
    }
    if (this.#project.value !== project) this.#project.value = project;
  }

  #button(group: TileGroup): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "group";
    button.append(stateIcon(this.texts.groups[group].look), document.createElement("span"));
    button.addEventListener("click", () => {
      const { groups } = this.view;
      const isChosen = groups.includes(group);
      this.#change({ groups: isChosen ? groups.filter((each) => each !== group) : [...groups, group] });
    });
    this.#buttons.set(group, button);
    return button;
  }

  #change(part: Partial<OverviewView>): void {
    this.view = { ...this.view, ...part };
    this.changed(this.view);
  }
}
