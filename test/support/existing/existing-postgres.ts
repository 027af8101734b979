import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePorts } from "../../../commands/processes/free-ports";
import { withDatabase } from "../../../components/connector/slot/connector-session";
import type { DatabaseAddress } from "../../../components/database/address";
import { contentHash } from "../../../components/images/images";
import { poll, tried } from "../../../components/poll";
import type { TestCertificates } from "./certificates";
import { docker } from "../stack";

const IMAGE = `cdc/postgres:${contentHash("images/postgres")}`;

/**
 * The script of the first start: it puts certificates into the data folder, and lets nobody in without TLS. @param asked whether clients also need a
 * certificate
 */
const prepare = (asked: boolean): string => `
set -eu
data=$PGDATA.initializing
cd /docker-entrypoint-initdb.d
install -m 0600 server.key server.crt ca.crt "$data"
printf 'local all all trust\\nhostssl all all all scram-sha-256${asked ? " clientcert=verify-ca" : ""}\\n' > "$data/pg_hba.conf"
psql --quiet --command="alter system set ssl = on" --command="alter system set ssl_ca_file = 'ca.crt'" \\
  --command="alter system set wal_level = logical"
`;

/** A server that belongs to no stack. It is outside of every stack's network, at an address of this machine that containers reach. */
export class ExistingPostgres {
  private constructor(
    readonly container: string,
    private readonly folder: string,
    /** Address for a login as its superuser. */
    readonly at: DatabaseAddress,
  ) {}

  /** @param asksClients whether clients need a certificate of their own */
  static async start(
    container: string,
    address: string,
    made: TestCertificates,
    asksClients = true,
  ): Promise<ExistingPostgres> {
    await docker("rm", "--force", "--volumes", container).catch(() => undefined);
    if ((await docker("images", "--quiet", IMAGE)) === "") {
      await promisify(execFile)("docker", ["build", "--tag", IMAGE, "images/postgres"], { maxBuffer: 1 << 26 });
    }
    const folder = mkdtempSync(join(tmpdir(), "cdc-existing-postgres-"));
    for (const [name, content] of Object.entries({
      "prepare.sh": prepare(asksClients),
      "server.key": made.serverKey,
      "server.crt": made.serverCertificate,
      "ca.crt": made.ca,
    })) {
      writeFileSync(join(folder, name), content);
    }
    await promisify(execFile)("chmod", ["-R", "a+rX", folder]);
    // A port that it keeps after a restart.
    const [port] = (await freePorts(1)) as [number];
    await docker(
      ...["run", "--detach", "--name", container, "--publish", `${address}:${port}:5432`, "--hostname", "wordless"],
      // The password file is one that every container has, so the password is the container's host name.
      ...[
        "--env",
        "POSTGRES_PASSWORD_FILE=/etc/hostname",
        "--volume",
        `${folder}:/docker-entrypoint-initdb.d:ro`,
        IMAGE,
      ],
    );
    const login = { host: address, port, database: "postgres", user: "postgres", password: "wordless" };
    const { ca, clientCertificate: certificate, clientKey: key } = made;
    const tls = { mode: "verify-full", ca, ...(asksClients && { certificate, key }) } as const;
    const server = new ExistingPostgres(container, folder, { ...login, tls });
    await poll(() => tried(withDatabase(server.at, (client) => client.query("SELECT"))), {
      what: container,
      deadlineMs: 60_000,
      intervalMs: 100,
    });
    return server;
  }

  async remove(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.container);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
