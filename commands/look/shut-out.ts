/** Why Postgres refuses its superuser's login. For a role that does not exist, it gives the same error as for a wrong password. */
import { docker } from "../../components/engine";
import type { ContainerLook } from "./containers-look";

/** Error: the superuser with which the container was made now has another name. */
export class RenamedSuperuser extends Error {
  constructor(
    user: string,
    readonly newName: string,
  ) {
    super(`there is no superuser ${user} any more, but ${JSON.stringify(newName)}`);
  }
}

const SUPERUSERS = "SELECT rolname FROM pg_roles WHERE rolsuper AND rolcanlogin ORDER BY oid";

/**
 * Asks the stack's own Postgres for its superusers, over its socket, where every role may log in.
 *
 * @param error the login's
 * @param role the connector's role, which asks Postgres; undefined when it is not known
 * @param ask Docker's client
 * @returns a RenamedSuperuser when the superuser has another name now, else the error unchanged
 */
export async function whyShutOut(
  error: unknown,
  { name, database, source, environment }: ContainerLook,
  role: string | undefined,
  deadlineMs: number,
  ask = docker,
): Promise<unknown> {
  const { POSTGRES_USER: user } = environment;
  const isLogin = (error as { code?: string }).code === "28P01";
  if (!isLogin || database || source || role === undefined || user === undefined) return error;
  const psql = ["psql", "--username", role, "--dbname", "template1", "--tuples-only", "--no-align", "--command"];
  const superusers: string[] = await ask(["exec", name, ...psql, SUPERUSERS], deadlineMs).then(
    (text) => text.split("\n").filter(Boolean),
    () => [],
  );
  const [other] = superusers;
  return other === undefined || superusers.includes(user) ? error : new RenamedSuperuser(user, other);
}
