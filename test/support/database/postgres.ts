import { Client } from "pg";
import { poll, tried } from "../../../components/poll";
import { docker, type TestStack } from "../stack";

/** A database beside the stack's own, from the same image, with other settings. */
export class OtherPostgres {
  private constructor(
    private readonly container: string,
    /** Its address for this machine. */
    readonly at: { host: string; port: number; database: string; user: string; password: string },
  ) {}

  /**
   * @param alias its host name for the stack's containers
   * @param args further arguments of `postgres`
   */
  static async start(stack: TestStack, alias: string, ...args: string[]): Promise<OtherPostgres> {
    const image = await docker("inspect", `${stack.prefix}-postgres`, "--format", "{{.Config.Image}}");
    const container = `${stack.prefix}-${alias}`;
    await docker(
      ...["run", "--detach", "--name", container, "--label", `cdc.stack=${stack.prefix}`],
      // The password file is one that every container has, so the password is the container's host name.
      ...["--hostname", "wordless", "--env", "POSTGRES_PASSWORD_FILE=/etc/hostname", "--env", "POSTGRES_USER=admin"],
      ...["--network", `${stack.prefix}-net`, "--network-alias", alias, "--publish", "127.0.0.1::5432"],
      ...[image, "postgres", ...args],
    );
    const port = Number((await docker("port", container, "5432/tcp")).split(":").pop());
    const at = { host: "127.0.0.1", port, database: "admin", user: "admin", password: "wordless" };
    const other = new OtherPostgres(container, at);
    await poll(() => tried(other.query("select")), { what: container, deadlineMs: 60_000, intervalMs: 100 });
    return other;
  }

  async query(sql: string): Promise<void> {
    const client = new Client(this.at);
    try {
      await client.connect();
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  async remove(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.container);
  }
}

/** Drops every replication slot of the server. It tries again when a slot's reader comes back. */
export async function dropSlots(client: Client): Promise<void> {
  await poll<void>(
    async () => {
      await client.query("select pg_terminate_backend(active_pid) from pg_replication_slots");
      await client.query("select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active");
      const { rows } = await client.query("select slot_name from pg_replication_slots");
      return rows.length === 0 ? { done: true, value: undefined } : { done: false, seen: JSON.stringify(rows) };
    },
    { what: "the slots to be dropped", deadlineMs: 30_000, intervalMs: 20 },
  );
}
