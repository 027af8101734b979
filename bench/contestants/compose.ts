import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../machine/run";
import type { ComposeFile, ComposeUpload } from "./compose-file";

/** Finds compose: the plugin, or the older program, or Debian's package, which is then installed. */
export async function findCompose(say: (text: string) => void): Promise<{ command: string[]; version: string }> {
  const known = (await ask(["docker", "compose"])) ?? (await ask(["docker-compose"]));
  if (known) return known;
  if (process.platform === "linux" && process.getuid?.() === 0) {
    say("installing Debian's docker-compose, for the contestants that need it");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update"], { env });
    await run("apt-get", ["install", "--yes", "--no-install-recommends", "docker-compose"], { env });
    const installed = await ask(["docker-compose"]);
    if (installed) return installed;
  }
  throw new Error(
    "There is neither `docker compose` nor `docker-compose`: install Docker's compose plugin, or measure with --only ours.",
  );
}

async function ask(command: string[]): Promise<{ command: string[]; version: string } | undefined> {
  try {
    const text = await run(command[0]!, [...command.slice(1), "version", "--short"]);
    return { command, version: `${command.join(" ")} ${text.trim()}` };
  } catch {
    return undefined;
  }
}

/** A compose project of the benchmark, with its files in a folder of its own. */
export class ComposeProject {
  readonly label: string;

  constructor(
    private readonly command: string[],
    private readonly name: string,
    private readonly folder: string,
    private readonly signal?: AbortSignal,
  ) {
    this.label = `com.docker.compose.project=${name}`;
  }

  write(file: ComposeFile, uploads: ComposeUpload[]): void {
    rmSync(this.folder, { recursive: true, force: true });
    for (const { path, content } of uploads) {
      const target = join(this.folder, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(this.file, `${JSON.stringify(file, null, 2)}\n`);
  }

  up(): Promise<string> {
    return this.run("up", "--detach");
  }

  down(): Promise<string> {
    return this.run("down", "--volumes");
  }

  private get file(): string {
    return join(this.folder, "docker-compose.json");
  }

  private run(...args: string[]): Promise<string> {
    const [program, ...before] = this.command as [string, ...string[]];
    const all = [...before, "--project-name", this.name, "--file", this.file, ...args];
    return run(program, all, { env: process.env, signal: this.signal });
  }
}
