import type { Screen } from "../core/ports/sessions";
import type { ScreenChange, ScreenPicture } from "../protocol/screenPicture";
import { changeBetween, isEmptyChange, pictureOfScreen } from "../protocol/screenPictures";

export type Sent = { readonly picture: ScreenPicture } | { readonly change: ScreenChange };

/** What one page has been sent of one screen, and what it needs next. */
export class PictureSender {
  #seq = 0;
  #last: ScreenPicture | undefined;

  /** The page has nothing, or missed something: a whole picture is next. */
  forget(): void {
    this.#last = undefined;
  }

  /** What the page needs to show this screen; undefined when it shows it already. */
  next(screen: Screen): Sent | undefined {
    const picture = pictureOfScreen(screen, this.#seq + 1);
    const last = this.#last;
    const change = last && changeBetween(last, picture);
    if (last && change && isEmptyChange(last, change)) return undefined;
    this.#seq++;
    this.#last = picture;
    return change ? { change } : { picture };
  }
}
