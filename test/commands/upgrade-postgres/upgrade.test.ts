import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { parseSlots, upgradeImages } from "../../../commands/upgrade-postgres/cluster";
import {
  movedOffsets,
  parseReaders,
  type Reader,
  readersOf,
  readersOn,
  stoppedText,
} from "../../../commands/upgrade-postgres/connectors";
import { rejectUnready } from "../../../commands/upgrade-postgres/drain";

const reader: Reader = {
  connector: "c",
  slot: "debezium",
  publication: "debezium",
  signalTable: "debezium.signals",
  server: "postgres:5432",
  state: "RUNNING",
};

test("connectors of Postgres, each with its slot, and FAILED when its task is", () => {
  const config = {
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    "database.hostname": "db.example",
  };
  const status = (state: string) => ({ connector: { state: "RUNNING" }, tasks: [{ state }] });
  expect(
    parseReaders({
      c: {
        info: {
          config: {
            ...config,
            "slot.name": "s",
            "publication.name": "p",
            "signal.data.collection": "d.s",
            "database.port": "6432",
            "database.dbname": "billing",
          },
        },
        status: status("RUNNING"),
      },
      d: { info: { config }, status: status("FAILED") },
      sink: { info: { config: { "connector.class": "other" } }, status: status("RUNNING") },
    }),
  ).toEqual([
    {
      ...{ connector: "c", slot: "s", publication: "p", signalTable: "d.s", state: "RUNNING" },
      ...{ server: "db.example:6432", database: "billing" },
    },
    {
      connector: "d",
      slot: "debezium",
      publication: "dbz_publication",
      signalTable: "",
      server: "db.example:5432",
      state: "FAILED",
    },
  ]);
});

describe("which connectors are of the stack's server", () => {
  const own = { container: "cdc-dev-postgres", port: 5433, connector: "c" };
  const at = (connector: string, server: string): Reader => ({ ...reader, connector, server });
  const names = (readers: readonly Reader[]) => readers.map(({ connector }) => connector);

  test("on the stack's Kafka Connect by its names there; another server's slot of the same name is another", () => {
    const readers = [
      at("c", "postgres:5432"),
      at("alias", "database:5432"),
      at("container", "cdc-dev-postgres:5432"),
      at("published", "host.docker.internal:5433"),
      at("theirs", "db.example:5432"),
      at("beside", "host.docker.internal:5432"),
    ];
    expect(names(readersOn(readers, { ...own, hasConnect: true }))).toEqual(["c", "alias", "container", "published"]);
  });

  test("on somebody else's by the address of the stack's own connector alone", () => {
    const readers = [at("c", "10.0.0.5:5433"), at("further", "10.0.0.5:5433"), at("theirs", "postgres:5432")];
    expect(names(readersOn(readers, { ...own, hasConnect: false }))).toEqual(["c", "further"]);
    expect(readersOn(readers.slice(2), { ...own, hasConnect: false })).toEqual([]);
  });

  test("a slot's reader that seems to be elsewhere is named with what would tell it", () => {
    expect(() => rejectUnready(["debezium"], [], [at("x", "10.0.0.9:5432")])).toThrow(
      "Connector x has a slot of this name at 10.0.0.9:5432: if that is this server, give it the address by which the stack's own connector reaches it",
    );
  });
});

test("the way to resume a connector by hand", () => {
  expect(stoppedText("http://127.0.0.1:8083", [{ connector: "a b" }]).split("\n")[1]).toBe(
    '  curl -X PUT -H "Authorization: Bearer $(npm run -s pulumi -- stack output connectToken --show-secrets)" ' +
      "http://127.0.0.1:8083/connectors/a%20b/resume",
  );
});

describe("before anything is stopped", () => {
  test("a slot that somebody else reads, and a connector that cannot finish, are refused by name", () => {
    expect(() => rejectUnready(["debezium", "theirs"], [{ ...reader, state: "FAILED" }])).toThrow(
      "Replication slot theirs is read by no connector of this stack, so nobody here can tell its reader where the new server's log " +
        "begins. End that reader, drop the slot (SELECT pg_drop_replication_slot('theirs')), and let it begin anew after the upgrade.\n" +
        "Connector c is FAILED, and what it has not read yet would be lost: `npm start` brings it up, `npm run doctor` says more.",
    );
  });

  test("a connector of another database is ignored, and a running one is right", () => {
    expect(() =>
      rejectUnready(["debezium"], [reader, { ...reader, slot: "elsewhere", state: "FAILED" }]),
    ).not.toThrow();
  });
});

test("offsets go on where the new slot begins, with all else as it was", () => {
  const partition = { server: "cdctest" };
  const offset = { lsn: 1, lsn_proc: 2, lsn_commit: 3, txId: 4, messageType: "INSERT", ts_usec: 5 };
  expect(movedOffsets([{ partition, offset }], 26739584n)).toEqual([
    { partition, offset: { ...offset, lsn: 26739584, lsn_proc: 26739584, lsn_commit: 26739584 } },
  ]);
  expect(movedOffsets([{ partition, offset: { lsn: 1 } }], 7n)).toEqual([{ partition, offset: { lsn: 7 } }]);
  expect(movedOffsets([{ partition, offset: null }], 7n)).toEqual([]);
});

test("the slots of the new server, among whatever else is printed", () => {
  expect([...parseSlots("vacuumdb: done\nslot debezium 26739584\nslot s 9\n")]).toEqual([
    ["debezium", 26739584n],
    ["s", 9n],
  ]);
});

test("what an upgrade that was killed left is known by its name; the server's images and those of others are not touched", () => {
  const left = ["cdc/postgres-18-upgrade:0123456789ab", "cdc/postgres-18-upgrade:0123456789ab-20260102030405"];
  const others = ["cdc/postgres-18:0123456789ab", "cdc/postgres:0123456789ab", "acme/postgres-18-upgrade:0123456789ab"];
  expect(upgradeImages([...others, ...left, "cdc/postgres-18-upgrade:latest"])).toEqual(left);
});

test("a Kafka Connect that lets nobody in has not said that it has no connectors, whose slots would be dropped then", async () => {
  const server = createServer((_request, response) => void response.writeHead(401).end('{"message":"who are you"}'));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await expect(readersOf({ url, operation: "upgrade", until: Date.now() + 5000 })).rejects.toThrow(
      /^upgrade: GET .*\/connectors\?expand=.* answered 401: .*look at the name and password of connectSecurity\.$/,
    );
  } finally {
    server.close();
  }
});
