import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { run } from "../machine/run";

/**
 * A checkout of this project, of any revision. The benchmark uses it as a person would: by commands, in the environment that the checkout's own
 * set-up makes.
 */
export class Checkout {
  readonly folder: string;
  /** A short word that is the same in every run on this folder, and differs between folders. */
  readonly word: string;
  private known: Promise<NodeJS.ProcessEnv> | undefined;

  /** @param signal ends a command that is under way @param variables further ones of its commands' environment */
  constructor(
    folder: string,
    readonly signal?: AbortSignal,
    private readonly variables: Readonly<Record<string, string>> = {},
  ) {
    this.folder = resolve(folder);
    this.word = createHash("sha256").update(this.folder).digest("hex").slice(0, 6);
  }

  /** Runs a command in the folder, in its environment. @returns its output */
  async run(command: string, args: readonly string[], variables: Record<string, string> = {}): Promise<string> {
    const env = { ...(await this.environment()), ...variables };
    return run(command, args, { cwd: this.folder, env, signal: this.signal });
  }

  /** Runs npm in the folder, as from a person's shell. */
  npm(args: readonly string[], variables: Record<string, string> = {}): Promise<string> {
    const env = { ...this.shell, ...variables };
    return run("npm", args, { cwd: this.folder, env, signal: this.signal });
  }

  /** The environment of the folder's own commands. The first call sets up what is missing, packages included. */
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
 * Pure: makes a shell's environment out of that of an `npm run` in a checkout. It leaves out npm's variables, and the modules that the checkout
 * preloads into every Node process.
 */
export function withoutProject(env: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
  const rest = Object.entries(env).filter(([name]) => !/^(npm_.*|INIT_CWD|NODE_OPTIONS)$/.test(name));
  const loaded = / ?--require "((?:[^"\\]|\\.)*)"/g;
  const options = env["NODE_OPTIONS"]
    ?.replaceAll(loaded, (option, file: string) => (file.startsWith(folder) ? "" : option))
    .trim();
  return { ...Object.fromEntries(rest), ...(options ? { NODE_OPTIONS: options } : {}) };
}
