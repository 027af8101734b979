import type { Unanswered } from "../answer";
import type { ContainerLook } from "../containers-look";
import type { Finding, Part } from "../finding";
import { endsAgain } from "./container-verdicts";
import { RenamedSuperuser } from "../shut-out";

/** What the programs of a slow machine need to start; Kafka Connect is the slowest of them. */
const STARTS_MS = 20_000;

/**
 * A part whose container runs, and which does not answer: one that was started a moment ago will.
 *
 * @param now milliseconds since 1970
 */
export function silent(
  [part, about, what]: readonly [part: Part, about: string, what: string],
  unanswered: Unanswered,
  container: ContainerLook,
  now: number,
): Finding {
  const { reason } = unanswered;
  const { state, startedAt } = container;
  if (state === "running" && !endsAgain(container, now) && now - Date.parse(startedAt ?? "") < STARTS_MS) {
    const text = `${what} does not answer yet, its container has just been started: ${reason}`;
    return { part, about, mark: "warning", text };
  }
  const text = `${what} does not answer: ${reason}`;
  if (state === "elsewhere") return { part, about, mark: "bad", text };
  return { part, about, mark: "bad", text, remedy: remedyOf(unanswered, container) };
}

/** What refuses a login outlasts a restart of Postgres. It is mended over Postgres' own socket, where the superuser may log in. */
function remedyOf({ reason, error }: Unanswered, { name, image, environment }: ContainerLook): string {
  const { POSTGRES_USER: user = "postgres", POSTGRES_PASSWORD_FILE: file = "", PGDATA: data = "" } = environment;
  const psql = `psql -U ${user} -d template1`;
  if (error instanceof RenamedSuperuser) return renamedBack(name, user, error.newName);
  if (/^password authentication failed/.test(reason)) {
    // The password itself is in no command: the container's own file is read.
    return `docker exec ${name} sh -c "echo \\"ALTER ROLE ${user} PASSWORD :'word' VALID UNTIL 'infinity'\\" | ${psql} -v word=\\"\\$(cat ${file})\\""`;
  }
  const [, database] = /^database "(.+)" is not currently accepting connections/.exec(reason) ?? [];
  if (database !== undefined) {
    return `docker exec ${name} ${psql} -c "ALTER DATABASE ${database} ALLOW_CONNECTIONS true"`;
  }
  if (/^database ".+" does not exist/.test(reason)) return `docker exec ${name} ${psql} -l`;
  if (/pg_hba\.conf/.test(reason)) return `docker exec ${name} ${psql} -c "TABLE pg_hba_file_rules"`;
  if (/^role ".+" is not permitted to log in/.test(reason)) {
    // Only a server in single-user mode asks for no role. Where there is a slot, it starts with wal_level=logical only.
    const single = `docker run -i --rm --volumes-from ${name} --user postgres --entrypoint postgres ${image} --single -D ${data} -c wal_level=logical template1`;
    return `docker stop ${name} && echo "ALTER ROLE ${user} LOGIN" | ${single} && docker start ${name}`;
  }
  return `docker restart ${name}`;
}

/** A session cannot rename its own role, so another superuser is made for that, and dropped again. */
function renamedBack(name: string, user: string, other: string): string {
  const psql = (role: string, sql: string) => `docker exec ${name} psql -U ${role} -d template1 -c "${sql}"`;
  return [
    psql(`'${other.replaceAll("'", `'\\''`)}'`, "CREATE ROLE renaming SUPERUSER LOGIN"),
    psql("renaming", `ALTER ROLE \\"${other.replaceAll('"', '\\"\\"').replaceAll("$", "\\$")}\\" RENAME TO ${user}`),
    psql(user, "DROP ROLE renaming"),
  ].join(" && ");
}
