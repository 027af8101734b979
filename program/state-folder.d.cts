export function stateFolder(url: string | undefined, home?: string): string | undefined;
export function stateFile(folder: string, project: string, stack: string): string;
export function shownBackend(url: string): string;
export function isWhole(file: string): boolean;
