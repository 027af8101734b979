/** Why a database that answers lets its superuser in no more. A role that is gone is refused in the words of a wrong password. */
import { docker } from "../../components/engine";
import type { ContainerLook } from "./containers-look";

const SUPERUSERS = "SELECT rolname FROM pg_roles WHERE rolsuper AND rolcanlogin ORDER BY oid";

/**
 * What the stack's own Postgres has against its superuser, asked over its socket, where it lets everybody in.
 *
 * @param error of the login
 * @param role the connector's, by which it can be asked; undefined: nobody knows one
 * @param ask Docker's client
 * @returns the error, with the superuser's name where it has another one now
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
  return other === undefined || superusers.includes(user) ? error : new Error(renamedText(user, other));
}

/** Pure. */
export function renamedText(user: string, other: string): string {
  return `there is no superuser ${user} any more, but ${JSON.stringify(other)}`;
}

/** Pure: the other one's name, where an error says so. */
export function renamedTo(reason: string): string | undefined {
  const [, quoted] = /^there is no superuser \S+ any more, but (".+")$/.exec(reason) ?? [];
  return quoted === undefined ? undefined : (JSON.parse(quoted) as string);
}
