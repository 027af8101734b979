import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { bare } from "./container/bare";
import { containerArgs, type StackArgs, volumeArgs, volumeOptions } from "./container/container";
import { FILES_LABEL, filesLabel } from "./preflight/first-start";
import type { InitFile } from "./preflight/init-files";
import type { PostgresImage } from "./images/postgres-image";

export interface PostgresArgs extends StackArgs {
  image: pulumi.Input<string>;
  /** What a container of that image needs. */
  needs: Pick<PostgresImage, "dataPath" | "capabilities">;
  /** Memory limit in MiB. @default 512 */
  memoryMb?: number;
  /** Server settings by name, beside those that the stack needs. @default none */
  config?: Record<string, string>;
  /** Port on 127.0.0.1. */
  port: number;
  database: string;
  /** Superuser, made at the first start. */
  user: string;
  /** Its password, a secret. It is uploaded as a file, and is in no environment variable and no argument. */
  password: pulumi.Input<string>;
  /** Files that run once, at the first start. */
  initFiles: readonly InitFile[];
}

/** PostgreSQL with logical replication, and its data in a named volume. */
export class Postgres extends pulumi.ComponentResource {
  /** Port on 127.0.0.1, once the container runs. */
  readonly port: pulumi.Output<number>;
  /** `postgres://user:password@127.0.0.1:port/database`, a secret. */
  readonly url: pulumi.Output<string>;
  readonly container: docker.Container;
  /** The volume with all data of the database. */
  readonly data: docker.Volume;

  constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    const { image: _image, imageIds: _ids, needs, network: _network, initFiles: _files, memoryMb, ...own } = args;
    super("cdc:index:Postgres", name, own, opts);
    this.data = new docker.Volume(`${name}-data`, volumeArgs(args.prefix, "postgres-data"), volumeOptions(this));
    const password = pulumi.secret(args.password);
    this.container = new docker.Container(
      `${name}-container`,
      containerArgs({
        stack: args,
        role: "postgres",
        // Its name in the compose file from which this project began.
        aliases: ["database"],
        image: args.image,
        memoryMb: memoryMb ?? 512,
        publish: { 5432: args.port },
        envs: [
          `POSTGRES_USER=${args.user}`,
          `POSTGRES_DB=${args.database}`,
          `POSTGRES_PASSWORD_FILE=${PASSWORD_FILE}`,
          // Batch scheduling as in the other containers: components/container/batch-scheduling.ts. An image of the user's own ignores it.
          "POSTGRES_SCHEDULING=batch",
        ],
        command: ["postgres", ...postgresOptions(args.config)],
        uploads: [{ file: PASSWORD_FILE, content: password }, ...args.initFiles.map(upload)],
        labels: { [FILES_LABEL]: filesLabel(args.initFiles) },
        volumes: [{ volumeName: bare(this.data.name), containerPath: needs.dataPath }],
        ...(needs.capabilities.length > 0 && { capabilities: { drops: ["ALL"], adds: needs.capabilities } }),
        shmSize: 128,
        // After a failed first start, images/postgres/say-why.pl answers instead of a database.
        healthy:
          `pg_isready --quiet --host=127.0.0.1 --username=${args.user} --dbname=${args.database} && ` +
          "test ! -e /run/postgresql/first-start-failed -a ! -e /run/postgresql/start-failed",
        stopSignal: "SIGINT",
        // A replication client that does not end delays the shutdown. When Postgres is killed after this time, it recovers from its WAL.
        destroyGraceSeconds: 2,
      }),
      { parent: this },
    );
    this.port = this.container.ports.apply((ports) => ports?.[0]?.external ?? args.port);
    this.url = pulumi.secret(
      password.apply(
        (word) => `postgres://${args.user}:${encodeURIComponent(word)}@127.0.0.1:${args.port}/${args.database}`,
      ),
    );
    this.registerOutputs({ port: this.port, url: this.url });
  }
}

const PASSWORD_FILE = "/run/secrets/postgres-password";

/** Pure: server settings as arguments: what logical replication needs, bounds for a laptop's disk, and the user's own, which win. */
export function postgresOptions(own: Record<string, string> = {}): string[] {
  const settings = {
    wal_level: "logical",
    max_wal_senders: 10,
    max_replication_slots: 10,
    // The most WAL that a slot which nobody reads may keep.
    max_slot_wal_keep_size: "4GB",
    log_line_prefix: "%m [%p] %q%u@%d ",
    ...own,
  };
  return Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
}

/** Pure: a file of the first start as the container gets it, byte for byte. */
export function upload({ name, content }: InitFile): { file: string; content?: string; contentBase64?: string } {
  const file = `/docker-entrypoint-initdb.d/${name}`;
  // Text is uploaded as text, so that a preview shows what differs. That text has to be UTF-8; a dump in another encoding is not.
  const text = content.toString("utf8");
  return !name.endsWith(".gz") && content.equals(Buffer.from(text, "utf8"))
    ? { file, content: text }
    : { file, contentBase64: content.toString("base64") };
}
