import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { run } from "../machine/run";

/**
 * A folder with this project in it, of whatever revision. It is driven as its reader would: by commands, in the environment that the
 * folder's own set-up makes.
 */
export class Checkout {
  readonly folder: string;
  /** A short word that is the same in every run on this folder, and another one in any other folder. */
  readonly word: string;
  private known: Promise<NodeJS.ProcessEnv> | undefined;

  /** @param signal ends a command that is under way @param variables what its commands have in their environment */
  constructor(
    folder: string,
    readonly signal?: AbortSignal,
    private readonly variables: Readonly<Record<string, string>> = {},
  ) {
    this.folder = resolve(folder);
    this.word = createHash("sha256").update(this.folder).digest("hex").slice(0, 6);
  }

  /** Runs a command of the folder's environment, in the folder. @returns what it printed */
  async run(command: string, args: readonly string[], variables: Record<string, string> = {}): Promise<string> {
    const env = { ...(await this.environment()), ...variables };
    return run(command, args, { cwd: this.folder, env, signal: this.signal });
  }

  /** `npm …` in the folder, as from a person's shell. */
  npm(args: readonly string[], variables: Record<string, string> = {}): Promise<string> {
    const env = { ...this.shell, ...variables };
    return run("npm", args, { cwd: this.folder, env, signal: this.signal });
  }

  /** What the folder's own commands run in. The first question sets up what is missing, packages included. */
  private environment(): Promise<NodeJS.ProcessEnv> {
    return (this.known ??= this.ask());
  }

  private async ask(): Promise<NodeJS.ProcessEnv> {
    const args = ["toolchain/run.mjs", "node", "-p", "JSON.stringify(process.env)"];
    const options = { cwd: this.folder, env: this.shell, signal: this.signal };
    return JSON.parse(await run(process.execPath, args, options)) as NodeJS.ProcessEnv;
  }

  private get shell(): NodeJS.ProcessEnv {
    return { ...withoutProject(process.env, process.cwd()), ...this.variables };
  }
}

/**
 * Pure: the environment of a shell, out of one in which `npm run` of a checkout runs: without npm's variables, and without what the
 * checkout has every Node process load first.
 */
export function withoutProject(env: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
  const rest = Object.entries(env).filter(([name]) => !/^(npm_.*|INIT_CWD|NODE_OPTIONS)$/.test(name));
  const loaded = / ?--require "((?:[^"\\]|\\.)*)"/g;
  const options = env["NODE_OPTIONS"]
    ?.replaceAll(loaded, (option, file: string) => (file.startsWith(folder) ? "" : option))
    .trim();
  return { ...Object.fromEntries(rest), ...(options ? { NODE_OPTIONS: options } : {}) };
}
