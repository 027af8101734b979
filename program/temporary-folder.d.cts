export function temporaryFolder(purpose: string, parent?: string): string;
