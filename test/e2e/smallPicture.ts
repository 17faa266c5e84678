import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Workbench } from "./workbench";

const folder = resolve("media/pictures");
const kibibyte = 1024;
/** What lies above of sidebar and editors. */
const titleBar = 34;

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The window without its title bar. */
export function belowTitle({ width, height }: PictureSize): PictureSize & { readonly x: number; readonly y: number } {
  return { x: 0, y: titleBar, width, height: height - titleBar };
}

/** Writes a part of the window for the README; a page of the same browser makes it small. */
export async function writePicture(
  workbench: Workbench,
  name: string,
  clip: PictureSize & { readonly x: number; readonly y: number },
  quality = 0.5,
): Promise<void> {
  const png = await workbench.page.screenshot({ clip, caret: "hide" });
  const drawer = await workbench.context.newPage();
  const webp = await drawer.evaluate<string, { readonly source: string; readonly quality: number }>(
    async ({ source, quality }) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), {
        width: image.naturalWidth,
        height: image.naturalHeight,
      });
      canvas.getContext("2d")?.drawImage(image, 0, 0);
      return canvas.toDataURL("image/webp", quality);
    },
    { source: `data:image/png;base64,${png.toString("base64")}`, quality },
  );
  await drawer.close();
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.webp`);
  writeFileSync(path, Buffer.from(webp.slice(webp.indexOf(",") + 1), "base64"));
  workbench.say(`${path}  ${Math.ceil(statSync(path).size / kibibyte)} KiB`);
}
