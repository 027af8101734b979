export function stateFolder(url: string | undefined, home?: string): string | undefined;
