/** `universal`, or a platform as VS Code names it. */
export declare const targets: readonly string[];
/** Packs one target into the folder and gives the path of its file. The bundles have to be there. */
export declare function packageFor(target: string, folder?: string): Promise<string>;
