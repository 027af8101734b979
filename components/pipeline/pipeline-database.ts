import * as pulumi from "@pulumi/pulumi";
import type { StackArgs } from "../container/container";
import { secretTls, tlsFiles } from "../connector/secrets/tls";
import type { SecretFile } from "../connector/secrets/secrets";
import { HOST_GATEWAY } from "../database/database-setting";
import { type DatabaseTls, hostAndPort } from "../database/address";
import { DATABASE_LABEL, type DatabaseLabel } from "../container/labels";
import type { PipelineArgs } from "./pipeline-args";
import { Postgres } from "../postgres";

/** The database that a pipeline captures: its own container, or one that somebody else runs. */
export interface PipelineDatabase {
  /** `postgres://user:password@host:port/database`, a secret. */
  url: pulumi.Output<string>;
  /** As the machine that runs `pulumi` reaches it, without a login. */
  address: { host: string; port: number; tls?: pulumi.Output<DatabaseTls> };
  /** As Kafka Connect reaches it. */
  hostname: string;
  port: number;
  /** Debezium's settings for TLS, and their files. */
  tls?: ReturnType<typeof tlsFiles>;
  files: SecretFile[];
  /** Labels of Kafka Connect's container, for commands that look at the stack. */
  labels: Record<string, string>;
  findsHost: boolean;
  /** The stack's own database; undefined with an existing one. */
  postgres?: Postgres;
}

/** @param image of the stack's own */
export function pipelineDatabase(
  name: string,
  args: PipelineArgs,
  stack: StackArgs,
  image: pulumi.Input<string> | undefined,
  opts: pulumi.ComponentResourceOptions,
): PipelineDatabase {
  const { existingDatabase: existing, found } = args;
  if (existing) {
    const { host, port, containerHost, tls } = existing;
    const files = tlsFiles(tls);
    return {
      url: urlOf(args),
      address: { host, port, ...(tls && { tls: secretTls(tls) }) },
      hostname: containerHost,
      port,
      tls: files,
      files: files.files,
      labels: { [DATABASE_LABEL]: databaseLabel(args) },
      findsHost: containerHost === HOST_GATEWAY,
    };
  }
  const postgres = new Postgres(
    name,
    {
      ...stack,
      image: image!,
      needs: found.postgres!,
      port: args.postgresPort,
      memoryMb: args.postgresMemoryMb,
      config: args.postgresConfig,
      database: args.database,
      user: args.user,
      password: args.password,
      initFiles: found.initFiles,
    },
    opts,
  );
  return {
    url: postgres.url,
    address: { host: "127.0.0.1", port: args.postgresPort },
    hostname: "postgres",
    port: 5432,
    ...{ files: [], labels: {}, findsHost: false },
    postgres,
  };
}

/** The database without password and certificates, which are files of the container. */
function databaseLabel({ existingDatabase, database, captureName }: PipelineArgs): string {
  const { host, port, tls } = existingDatabase!;
  const label: DatabaseLabel = {
    ...{ host, port, database, user: captureName },
    ...(tls && { mode: tls.mode, ca: tls.ca !== undefined, certified: tls.certificate !== undefined }),
  };
  return JSON.stringify(label);
}

/** The URL without its TLS parameters: files that these name need not exist where somebody reads the URL. */
function urlOf({ existingDatabase, database, user, password }: PipelineArgs): pulumi.Output<string> {
  const place = `${hostAndPort(existingDatabase!)}/${encodeURIComponent(database)}`;
  const login = (word: string): string => (word === "" ? "" : `:${encodeURIComponent(word)}`);
  return pulumi.secret(
    pulumi.output(password).apply((word) => `postgres://${encodeURIComponent(user)}${login(word)}@${place}`),
  );
}
