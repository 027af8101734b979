import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { captureProvider } from "../../../../components/capture/capture-provider";
import { serverTroubles } from "../../../../components/capture/facts/server";
import type { CaptureInputs } from "../../../../components/capture/capture-types";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { Pooler } from "../../../support/database/pooler";
import { INPUTS, SERVER } from "../database";

// Uses a real server or a process of its own, where a step takes seconds on a busy machine.
describe("a server that no connector can read from is refused in the preview, with the way out", () => {
  let server: EmbeddedPostgres;
  let inputs: CaptureInputs;
  beforeAll(async () => {
    server = await EmbeddedPostgres.start({ max_replication_slots: "1" });
    await server.query("CREATE TABLE public.customers (id int PRIMARY KEY)");
    const { host, port, database, user, password } = server.at();
    inputs = { ...INPUTS, host, port, database, adminUser: user, adminPassword: password };
  });
  afterAll(() => server.stop());

  const refusal = async (given: CaptureInputs): Promise<string[]> => {
    const { failures } = await captureProvider.check!({} as CaptureInputs, given);
    return failures!.map(({ reason }) => reason);
  };

  test("none of them is wrong", async () => {
    expect(await refusal(inputs)).toEqual([]);
  });

  test("a pooler in front of it", async () => {
    const pooler = await Pooler.start(server.port);
    try {
      expect(await refusal({ ...inputs, port: pooler.port })).toEqual([
        `What answers at 127.0.0.1:${pooler.port} is a connection pooler in front of Postgres, which passes no replication on ` +
          "and lends its sessions to others. Name the server's own host and port.",
      ]);
    } finally {
      pooler.stop();
    }
  });

  test("texts of any encoding, which its log cannot be read with", async () => {
    await server.query("CREATE DATABASE plain TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'");
    const plain = { ...server.at(), database: "plain" };
    await server.query("CREATE TABLE customers (id int PRIMARY KEY, name text)", plain);
    const reason = expect.stringMatching(
      /^The database at 127.0.0.1:\d+ has the encoding SQL_ASCII: .* into a database with the encoding UTF8\.$/,
    );
    expect(await refusal({ ...inputs, database: "plain" })).toEqual([reason]);
    // The server is in fact as bad as the refusal says.
    await server.query("CREATE PUBLICATION p FOR TABLE customers", plain);
    await server.query("SELECT pg_create_logical_replication_slot('s', 'pgoutput')", plain);
    await server.query("SET client_encoding = 'SQL_ASCII'; INSERT INTO customers VALUES (1, E'caf\\xe9')", plain);
    const peek =
      "SELECT * FROM pg_logical_slot_peek_binary_changes('s', NULL, NULL, 'proto_version', '1', 'publication_names', 'p')";
    await expect(server.query(peek, plain)).rejects.toThrow('invalid byte sequence for encoding "UTF8"');
    await server.query("SELECT pg_drop_replication_slot('s')", plain);
  });

  test("no slot is left, unless this capture has it", async () => {
    await server.query("SELECT pg_create_physical_replication_slot('others')");
    try {
      expect(await refusal(inputs)).toEqual([
        expect.stringContaining("All 1 replication slots are taken, so cdc_dev cannot be made."),
      ]);
      await expect(captureProvider.create(inputs)).rejects.toThrow("All 1 replication slots are taken");
      expect(await refusal({ ...inputs, slotName: "others" })).toEqual([
        expect.stringContaining("Replication slot others already exists"),
      ]);
    } finally {
      await server.query("SELECT pg_drop_replication_slot('others')");
    }
  });

  test.each([
    ["wal_level is replica. Start Postgres with wal_level=logical", { walLevel: "replica" }, undefined],
    ["is a standby: it takes no publication and no role. Name the primary's", { standby: true }, undefined],
    ["All 10 WAL senders are taken", { senders: { used: 10, most: 10 } }, { active: false }],
  ])("%s", (reason, facts, slot) => {
    expect(serverTroubles(INPUTS, { ...SERVER, ...facts }, slot)).toEqual([expect.stringContaining(reason)]);
  });

  test("what is taken by this capture's own connector is no trouble", () => {
    const full = { ...SERVER, senders: { used: 10, most: 10 }, slots: { used: 10, most: 10 } };
    expect(serverTroubles(INPUTS, full, { active: true })).toEqual([]);
  });
});
