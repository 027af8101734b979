import type { BuildOptions } from "esbuild";

export interface BundledText {
  /** Relative to the project, with slashes. */
  path: string;
  text: string;
}

export interface Bundled {
  outputs: BundledText[];
  /** Files that it was made of, relative to the project. */
  inputs: string[];
}

/**
 * @param name which of the project's bundles it is; one of each name is kept, in `dist/bundles`
 * @throws esbuild's error, which names file, line and reason
 */
export function bundle(name: string, options: BuildOptions): Promise<Bundled>;
export function bundleSync(name: string, options: BuildOptions): Bundled;
