import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { checkoutWord } from "../../../commands/stack/separate-stack";
import { runChild } from "../../../commands/processes/child";

interface Package {
  dependencies: Record<string, string>;
}

/** The package as `npm run package` makes it, installed into an empty project with a program that uses it. */
export class PackedProgram {
  /** A word that is the same in every run from this checkout, and differs between checkouts. */
  readonly stack = checkoutWord();

  private constructor(readonly folder: string) {}

  private get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      // Without the module that the project preloads into its own commands.
      NODE_OPTIONS: "",
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_STACK: this.stack,
    };
  }

  /** @param program folder with `index.ts` and `Pulumi.yaml`. Its project has only the package and Pulumi's SDK */
  static async make(program: string): Promise<PackedProgram> {
    const made = new PackedProgram(mkdtempSync(join(tmpdir(), "cdc-library-")));
    const tarball = (await runChild(process.execPath, ["library/pack.mjs"])).trim();
    made.write("package.json", JSON.stringify({ name: "elsewhere", dependencies: { cdc: `file:${tarball}` } }));
    // The options of Pulumi's template for TypeScript.
    const compilerOptions = {
      strict: true,
      target: "es2020",
      module: "commonjs",
      moduleResolution: "node",
      noEmit: true,
    };
    made.write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    await made.install(["@pulumi/pulumi"]);
    return made.begun(program);
  }

  /** @param packages further ones of this project's packages that its programs import */
  async install(packages: string[]): Promise<void> {
    const ours = (JSON.parse(readFileSync("package.json", "utf8")) as Package).dependencies;
    const theirs = JSON.parse(readFileSync(join(this.folder, "package.json"), "utf8")) as Package;
    for (const name of packages) theirs.dependencies[name] = ours[name]!;
    this.write("package.json", JSON.stringify(theirs));
    await this.run("npm", "install", "--prefer-offline", "--no-audit", "--no-fund");
  }

  /** Another program, with the packages that are installed for this one. */
  beside(program: string): Promise<PackedProgram> {
    const other = new PackedProgram(join(this.folder, basename(program)));
    mkdirSync(other.folder);
    for (const file of ["package.json", "tsconfig.json"]) cpSync(join(this.folder, file), join(other.folder, file));
    return other.begun(program);
  }

  private async begun(program: string): Promise<PackedProgram> {
    for (const file of ["index.ts", "Pulumi.yaml"]) cpSync(join(program, file), join(this.folder, file));
    mkdirSync(join(this.folder, "state"));
    await this.pulumi("stack", "init", this.stack);
    return this;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  run(command: string, ...args: string[]): Promise<string> {
    return runChild(command, args, { env: this.env, cwd: this.folder });
  }

  pulumi(...args: string[]): Promise<string> {
    return this.run("pulumi", ...args, "--non-interactive");
  }

  up(): Promise<string> {
    return this.pulumi("up", "--yes", "--skip-preview");
  }

  async outputs<T>(): Promise<T> {
    return JSON.parse(await this.pulumi("stack", "output", "--json", "--show-secrets")) as T;
  }

  /** Compiles the program, with the package's types. */
  async compiles(): Promise<void> {
    const tsc = join(process.cwd(), "node_modules/typescript/bin/tsc");
    const types = ["--typeRoots", join(process.cwd(), "node_modules/@types"), "--types", "node"];
    await this.run(process.execPath, tsc, "-p", this.folder, ...types);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
