import type { BuildOptions } from "esbuild";

/** @param entry the provider's module without extension, relative to the project */
export function providerOptions(entry: string): BuildOptions;
