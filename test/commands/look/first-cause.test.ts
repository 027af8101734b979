import { describe, expect, test } from "@jest/globals";
import { isHealthy } from "../../../commands/look/finding";
import { RenamedSuperuser } from "../../../commands/look/shut-out";
import { findingsOf } from "../../../commands/look/findings";
import type { StackLook } from "../../../commands/look/stack-look";
import { bad, connector, containers, database, failed, slot, stackLook } from "../../support/fakes/stack-look";

const AGAIN = "npm run pulumi -- config set snapshotMode when_needed && npm start";
const OLDER =
  "an older copy of the database is in its place, as after a volume or a snapshot was put back: its log ends at 0/15B8CB8, 1,000 bytes before " +
  "0/15B90A0, which the connector has read. What is written until the log is there again is lost to it, and the topics have changes that the copy has not";

describe("the first bad thing is the cause", () => {
  const idle = slot({ active: false, reader: "" });
  test.each<[string, StackLook, string]>([
    [
      "the engine is stopped",
      stackLook({ containers: "Cannot connect to the Docker daemon", database: "blind", connectors: "blind" }),
      "engine: the engine does not answer: Cannot connect to the Docker daemon → npm run setup",
    ],
    [
      "the stack is not up",
      stackLook({ containers: containers({}).map((each) => ({ ...each, state: "missing" })) }),
      "engine: there is no container of the stack cdc-dev: it is not up → npm start",
    ],
    [
      "another stack was meant",
      {
        ...stackLook({ containers: containers({}).map((each) => ({ ...each, state: "missing" })) }),
        others: ["cdc-shop", "cdc-test"],
      },
      "engine: there is no container of the stack cdc-dev: it is not up; what the engine has are cdc-shop, cdc-test (--stack) → npm start",
    ],
    [
      "Connect is stopped",
      stackLook({
        containers: containers({ connect: { state: "exited", exitCode: 143, endedAt: "2026-01-02T11:57:00Z" } }),
        connectors: "its container is exited",
        database: database(idle),
      }),
      "connect: stopped 3 min ago, exit code 143 → docker start cdc-dev-connect",
    ],
    [
      "a container was removed",
      stackLook({ containers: containers({ consumer: { state: "missing" } }), consumer: "its container is missing" }),
      "consumer: there is no container cdc-dev-consumer → npm start",
    ],
    [
      "a port was taken when its container was to start",
      stackLook({
        containers: containers({ kafka: { state: "created", startedAt: null, error: "port is already allocated" } }),
        broker: "its container is created",
      }),
      "kafka: stopped: port is already allocated → npm start",
    ],
    [
      "a container was taken off its network",
      stackLook({
        containers: containers({ kafka: { detached: true } }),
        broker: "ECONNREFUSED",
        connectors: "it answers 503",
      }),
      "kafka: running, and off the stack's network: the other containers do not find it → npm start",
    ],
    [
      "all were stopped, and the network was pruned",
      stackLook({
        containers: containers({}).map((each) => ({ ...each, state: "exited", endedAt: "2026-01-02T11:57:00Z" })),
        ...{
          database: "its container is exited",
          broker: "its container is exited",
          connectors: "its container is exited",
        },
      }),
      "postgres: stopped 3 min ago, exit code 0 → npm start",
    ],
    [
      "Postgres was killed for its memory, again and again",
      stackLook({
        containers: containers({ postgres: { state: "restarting", restarts: 4, outOfMemory: true, exitCode: 137 } }),
        database: "its container is restarting",
        connectors: [failed("java.net.ConnectException: Connection refused")],
      }),
      "postgres: ends and is started again, started again 4 times; killed, since it took more memory than it may have → npm run logs -- postgres",
    ],
    [
      "a first start ended before it made the connector",
      stackLook({ database: database(), connectors: [] }),
      "cdc_dev_customer_cdc: there is no such slot: Postgres keeps no changes for the connector → npm start",
    ],
    [
      "the slot was dropped",
      stackLook({
        database: database(),
        connectors: [failed("org.postgresql.util.PSQLException: replication slot does not exist")],
      }),
      `cdc_dev_customer_cdc: there is no such slot: Postgres keeps no changes for the connector; the 112 bytes of log since what it has read are lost to it → ${AGAIN}`,
    ],
    [
      "the slot was moved on by hand",
      stackLook({
        database: database(slot({ active: false, reader: "", confirmed: "0/15B9488", confirmedBytes: 22779016 })),
        connectors: [failed("io.debezium.DebeziumException: no longer available on the server")],
      }),
      "cdc_dev_customer_cdc: moved by hand to 0/15B9488, 1,000 bytes of log beyond what the connector has read: " +
        `the changes in between are lost to it → ${AGAIN}`,
    ],
    [
      "… while the connector is paused",
      stackLook({
        database: database(slot({ ...idle, confirmed: "0/15B9488", confirmedBytes: 22779016 })),
        connectors: [connector({ status: { connector: { state: "PAUSED" }, tasks: [] } })],
      }),
      "cdc_dev_customer_cdc: moved by hand to 0/15B9488, 1,000 bytes of log beyond what the connector has read: " +
        `the changes in between are lost to it → ${AGAIN}`,
    ],
    [
      "an older copy of the database was put back",
      stackLook({ database: { ...database(slot({ confirmedBytes: 22000000 })), endsBytes: 22777016 } }),
      `cdc_dev_customer_cdc: ${OLDER} → ${AGAIN}`,
    ],
    [
      "… one without the slot",
      stackLook({ database: { ...database(), endsBytes: 22777016 } }),
      `cdc_dev_customer_cdc: there is no such slot, and ${OLDER} → ${AGAIN}`,
    ],
    [
      "the slot's log is gone",
      stackLook({
        database: database(slot({ ...idle, walStatus: "lost", invalidation: "wal_removed" })),
        connectors: [failed("…")],
      }),
      "cdc_dev_customer_cdc: Postgres has removed log that the connector has not read (wal_removed): the 112 bytes of log since " +
        `what it has read are lost to it → ${AGAIN}`,
    ],
    [
      "Kafka Connect ends again and again, and runs for a few seconds in between",
      stackLook({
        containers: containers({
          connect: { restarts: 3, startedAt: "2026-01-02T11:59:50Z", health: "starting" },
        }),
        connectors: "ECONNREFUSED",
        database: database(idle),
      }),
      "connect: running for 10 s, starting, started again 3 times: it ends again and again → npm run logs -- connect",
    ],
    [
      "the task failed",
      stackLook({
        database: database(idle),
        connectors: [failed("org.x.ConnectException: stopped\nCaused by: org.x.Odd: never seen before")],
      }),
      "customer-cdc: task 0 FAILED: org.x.Odd: never seen before → npm start",
    ],
    [
      "the connector is paused",
      stackLook({
        database: database(idle),
        connectors: [connector({ status: { connector: { state: "PAUSED" }, tasks: [] } })],
      }),
      "customer-cdc: PAUSED: changes wait in Postgres → curl -sS -X PUT http://127.0.0.1:8083/connectors/customer-cdc/resume",
    ],
    [
      "the connector was deleted",
      stackLook({ database: database(idle), connectors: [] }),
      "customer-cdc: there is no such connector in Kafka Connect → npm start",
    ],
    [
      "another program reads the slot",
      stackLook({ database: database(slot({ reader: "pg_recvlogical" })), connectors: [failed("slot is active")] }),
      "cdc_dev_customer_cdc: read by pg_recvlogical, not by Debezium → docker exec cdc-dev-postgres psql -U cdctest -d cdctest " +
        "-c \"SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = 'cdc_dev_customer_cdc'\"",
    ],
    [
      "the task runs and reads nothing",
      stackLook({ database: database(idle) }),
      "cdc_dev_customer_cdc: nobody reads it: changes wait in Postgres, which keeps its log for them → " +
        'curl -sS -X POST "http://127.0.0.1:8083/connectors/customer-cdc/restart?includeTasks=true"',
    ],
    [
      "a topic was deleted",
      stackLook({ broker: { topics: ["cdctest.dead-letters"], partitions: [] }, consumer: "no answer within 4 s" }),
      "cdctest.public.customers: there is no such topic → npm start",
    ],
    [
      "the consumer hangs",
      stackLook({ consumer: "no answer within 4 s" }),
      "http://localhost:8088: the consumer does not answer: no answer within 4 s → docker restart cdc-dev-consumer",
    ],
    [
      "the consumer is paused",
      stackLook({ containers: containers({ consumer: { state: "paused" } }), consumer: "its container is paused" }),
      "consumer: paused: it does nothing, and answers nobody → docker unpause cdc-dev-consumer",
    ],
    [
      "Postgres hangs",
      stackLook({ database: "no answer within 4 s", connectors: [failed("Connection refused")] }),
      "127.0.0.1:55432: Postgres does not answer: no answer within 4 s → docker restart cdc-dev-postgres",
    ],
    [
      "the superuser's password was changed in the database",
      stackLook({ database: 'password authentication failed for user "cdctest"' }),
      '127.0.0.1:55432: Postgres does not answer: password authentication failed for user "cdctest" → ' +
        `docker exec cdc-dev-postgres sh -c "echo \\"ALTER ROLE cdctest PASSWORD :'word' VALID UNTIL 'infinity'\\" | ` +
        'psql -U cdctest -d template1 -v word=\\"\\$(cat /run/secrets/postgres-password)\\""',
    ],
    [
      "the superuser was given another name",
      stackLook({ database: new RenamedSuperuser("cdctest", "the boss") }),
      '127.0.0.1:55432: Postgres does not answer: there is no superuser cdctest any more, but "the boss" → ' +
        `docker exec cdc-dev-postgres psql -U 'the boss' -d template1 -c "CREATE ROLE renaming SUPERUSER LOGIN" && ` +
        'docker exec cdc-dev-postgres psql -U renaming -d template1 -c "ALTER ROLE \\"the boss\\" RENAME TO cdctest" && ' +
        'docker exec cdc-dev-postgres psql -U cdctest -d template1 -c "DROP ROLE renaming"',
    ],
    [
      "the superuser may not log in",
      stackLook({ database: 'role "cdctest" is not permitted to log in' }),
      '127.0.0.1:55432: Postgres does not answer: role "cdctest" is not permitted to log in → ' +
        'docker stop cdc-dev-postgres && echo "ALTER ROLE cdctest LOGIN" | docker run -i --rm --volumes-from cdc-dev-postgres ' +
        "--user postgres --entrypoint postgres cdc/it:1 --single -D /var/lib/postgresql/data/17 -c wal_level=logical template1 && docker start cdc-dev-postgres",
    ],
    [
      "the database was closed",
      stackLook({ database: 'database "cdctest" is not currently accepting connections' }),
      '127.0.0.1:55432: Postgres does not answer: database "cdctest" is not currently accepting connections → ' +
        'docker exec cdc-dev-postgres psql -U cdctest -d template1 -c "ALTER DATABASE cdctest ALLOW_CONNECTIONS true"',
    ],
    [
      "the database was renamed",
      stackLook({ database: 'database "cdctest" does not exist' }),
      '127.0.0.1:55432: Postgres does not answer: database "cdctest" does not exist → docker exec cdc-dev-postgres psql -U cdctest -d template1 -l',
    ],
    [
      "pg_hba.conf keeps clients out",
      stackLook({
        database: 'pg_hba.conf rejects connection for host "172.17.0.1", user "cdctest", database "cdctest"',
      }),
      '127.0.0.1:55432: Postgres does not answer: pg_hba.conf rejects connection for host "172.17.0.1", user "cdctest", ' +
        'database "cdctest" → docker exec cdc-dev-postgres psql -U cdctest -d template1 -c "TABLE pg_hba_file_rules"',
    ],
    [
      "Kafka hangs",
      stackLook({ broker: "no answer within 4 s", consumer: "no answer within 1.5 s", connectors: "it answers 503" }),
      "127.0.0.1:29092: the broker does not answer: no answer within 4 s → docker restart cdc-dev-kafka",
    ],
  ])("%s", (_what, look, said) => {
    expect(bad(look)[0]).toBe(said);
    expect(isHealthy(findingsOf(look))).toBe(false);
  });
});
