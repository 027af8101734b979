export function stateFolder(url: string | undefined, home?: string): string | undefined;
export function isWhole(file: string): boolean;
