/** Faults that somebody may cause in the database by SQL, without a loss. */
import { setTimeout as sleep } from "node:timers/promises";
import { ROWS } from "../chaos-tables";
import { tellConnect, stop } from "./connector-faults";
import type { Fault, Place } from "./fault";
import { runSql } from "./fault-sql";

const endSessions = (role: string): string =>
  `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`;

const lockedOut: Fault = {
  name: "role-locked-out",
  what: "the connector's role loses LOGIN and its sessions, and has it again after some seconds",
  hands: "npm start",
  plan: (random) => {
    const seconds = random.whole(5, 20);
    return {
      target: `${seconds} s`,
      lastsMs: seconds * 1000,
      inject: (place) => runSql(place, `alter role ${place.role} nologin`, endSessions(place.role)),
      heal: (place) => runSql(place, `alter role ${place.role} login`),
    };
  },
};

const revoked: Fault = {
  name: "rights-revoked",
  what: "SELECT on a table taken from the connector's role and its task restarted; given back after some seconds",
  hands: "none",
  plan: (random) => {
    const seconds = random.whole(5, 15);
    return {
      target: `${seconds} s`,
      lastsMs: seconds * 1000,
      inject: async (place) => {
        await runSql(place, `revoke select on ${ROWS} from ${place.role}`);
        await tellConnect(place, "POST", "/tasks/0/restart");
      },
      heal: (place) => runSql(place, `grant select on ${ROWS} to ${place.role}`),
    };
  },
};

const altered: Fault = {
  name: "altered-while-down",
  what: "a column added to a table, written to and dropped again while the connector is stopped; then resumed",
  hands: "none",
  plan: (random) => {
    const column = `added_${random.whole(0, 1e9)}`;
    return {
      target: "",
      inject: async (place) => {
        await stop(place);
        await runSql(place, `alter table ${ROWS} add column ${column} text`);
        await sleep(2000);
        await runSql(place, `alter table ${ROWS} drop column ${column}`);
        await tellConnect(place, "PUT", "/resume");
      },
    };
  },
};

/** Changes of the schema, each with the statement that takes it back. */
const CHANGES: readonly (readonly [does: string, undoes: string])[] = [
  [`alter table ${ROWS} add column more text`, `alter table ${ROWS} drop column more`],
  [`alter table ${ROWS} add column more text not null default 'more'`, `alter table ${ROWS} drop column more`],
  // These two rewrite the table.
  [`alter table ${ROWS} add column more uuid default gen_random_uuid()`, `alter table ${ROWS} drop column more`],
  [`alter table ${ROWS} alter column note type varchar(200)`, `alter table ${ROWS} alter column note type text`],
  [`alter table ${ROWS} add constraint more check (version > 0)`, `alter table ${ROWS} drop constraint more`],
  [`create index more on ${ROWS} (version)`, "drop index public.more"],
  [`vacuum full ${ROWS}`, `cluster ${ROWS} using rows_pkey`],
];
/** How long a change of the schema may take: it waits for open transactions. */
const DDL_MS = 60_000;

const alteredUnderLoad: Fault = {
  name: "altered-under-load",
  what: "a table altered while it is written to and read, and altered back after some seconds",
  hands: "none",
  plan: (random) => {
    const [[does, undoes], seconds] = [random.pick(CHANGES), random.whole(3, 15)];
    const run = (place: Place, statement: string): Promise<void> =>
      runSql({ database: { ...place.database, query_timeout: DDL_MS } }, statement);
    return {
      target: does.replace("alter table ", ""),
      lastsMs: seconds * 1000,
      inject: (place) => run(place, does),
      heal: (place) => run(place, undoes),
    };
  },
};

export const DATABASE_FAULTS: Fault[] = [lockedOut, revoked, altered, alteredUnderLoad];
