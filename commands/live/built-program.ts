import { relative } from "node:path";
import { type BuildContext, type BuildOptions, context, formatMessages } from "esbuild";
import { programOptions } from "../../program/consumer-bundle";
import { lookedFor } from "./looked-for";

export type Built =
  | { text: string; files: string[] }
  /** The errors of the build, with file and line. An edit of one of `files` may mend them; some of these may not exist yet. */
  | { failure: string; files: string[] };

/** The consumer's program with a handler. It is built after each edit, and esbuild keeps what it has read. */
export class LiveProgram {
  private files: string[] = [];

  private constructor(
    private readonly builder: BuildContext,
    private readonly options: BuildOptions,
  ) {}

  /** @throws when there is no such handler */
  static async of(handler: string): Promise<LiveProgram> {
    const options = {
      ...programOptions(handler),
      bundle: true,
      write: false,
      metafile: true,
      logLevel: "silent",
    } as const;
    return new LiveProgram(await context(options), options);
  }

  async build(): Promise<Built> {
    try {
      const { outputFiles = [], metafile } = await this.builder.rebuild();
      // Files of packages are not edited.
      this.files = Object.keys(metafile?.inputs ?? {}).filter(
        (file) => !/node_modules|^start\.js$|^<stdin>$/.test(file),
      );
      return { text: outputFiles[0]!.text, files: this.files };
    } catch (error) {
      const { errors } = error as { errors?: Parameters<typeof formatMessages>[0] };
      const lines = errors ? await formatMessages(errors, { kind: "error" }) : [(error as Error).message];
      const looked = (await lookedFor(this.options)).map((file) => relative("", file));
      return { failure: lines.join("\n").trim(), files: [...new Set([...this.files, ...looked])] };
    }
  }

  async close(): Promise<void> {
    await this.builder.dispose();
  }
}
