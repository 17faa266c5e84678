import { applyChange, type ScreenChange, type ScreenPicture } from "../../src/protocol/screenPicture";

/** The newest picture of a screen that there is, shown or not. */
export class NewestPicture {
  #picture: ScreenPicture | undefined;

  get picture(): ScreenPicture | undefined {
    return this.#picture;
  }

  whole(picture: ScreenPicture): void {
    this.#picture = picture;
  }

  /** False: something between was missed, and the host has to be asked for a whole one. */
  change(change: ScreenChange): boolean {
    const next = this.#picture && applyChange(this.#picture, change);
    if (!next) return false;
    this.#picture = next;
    return true;
  }
}
