import type { EditorPlatform } from "../../core/run/foundWork";

/** This machine's, as files of VS Code call it. */
export function editorPlatform(platform: NodeJS.Platform = process.platform): EditorPlatform | undefined {
  const names: Partial<Record<NodeJS.Platform, EditorPlatform>> = { win32: "windows", darwin: "osx", linux: "linux" };
  return names[platform];
}
