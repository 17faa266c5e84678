/** `universal`, or a platform as VS Code names it. */
export declare const targets: readonly string[];
/**
 * Packs one target into the folder and gives the path of its file. The bundles have to be there. `images`: see
 * `readmeOfPage`.
 */
export declare function packageFor(target: string, folder?: string, images?: string): Promise<string>;
/** The README as the package has it: its pictures at that `https:` address, or without them. */
export declare function readmeOfPage(images?: string): Promise<string>;
