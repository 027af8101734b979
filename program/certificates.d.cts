export function splitPem(text: string): string[];
export function certificatesDiffer(root: string, env: NodeJS.ProcessEnv): boolean;
export function copyCertificates(root: string, env: NodeJS.ProcessEnv): void;
