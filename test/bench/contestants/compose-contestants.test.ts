import { describe, expect, jest, test } from "@jest/globals";
import { parse } from "yaml";
import { captureByHandSql } from "../../../bench/contestants/capture-by-hand";
import { composeFile } from "../../../bench/contestants/compose-file";
import {
  captureOf,
  connectorOf,
  consumerEnvironment,
  imagesOf,
  topicsOf,
} from "../../../bench/contestants/declared-resources";
import { initSql, tableNames } from "../../../bench/contestants/init-sql";
import { type Declared, resourcesOf } from "../../../bench/contestants/model";
import { stockCompose, stockConnector, tablesAlone } from "../../../bench/contestants/stock-compose";
import { declaredWith } from "../../support/program/declared";
import { plain } from "../../support/program/plain-secrets";

// The test must not depend on this machine's engine and ports.
jest.mock("../../../components/preflight/preflight", () => ({
  preflight: () =>
    Promise.resolve({ present: new Set(), postgres: { dataPath: "/var/lib/postgresql/data", capabilities: [] } }),
}));

const PORTS = { postgresPort: 41001, kafkaPort: 41002, connectPort: 41003, consumerPort: 41004 };

function container(inputs: Record<string, unknown>): Declared {
  return {
    type: "docker:index/container:Container",
    name: "x-container",
    inputs: { hostname: "x", image: "cdc/x:1", ...inputs },
  };
}

describe("a container as a compose service", () => {
  const service = (inputs: Record<string, unknown>) => composeFile([container(inputs)]).file.services["x"]!;

  test("keeps command and environment as they are, dollars included", () => {
    expect(service({ command: ["sh", "-c", "echo $HOME"], envs: ["PRICE=$5"] })).toMatchObject({
      image: "cdc/x:1",
      command: ["sh", "-c", "echo $$HOME"],
      environment: ["PRICE=$$5"],
    });
  });

  test("keeps limits, rights, ports, aliases and the time to stop", () => {
    expect(
      service({
        memory: 192,
        memorySwap: 192,
        shmSize: 128,
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges"],
        readOnly: true,
        tmpfs: { "/tmp": "size=64m" },
        ulimits: [{ name: "nproc", soft: 100, hard: 200 }],
        ports: [{ ip: "127.0.0.1", internal: 80, external: 8080 }],
        networksAdvanced: [{ name: "net", aliases: ["x", "y"] }],
        destroyGraceSeconds: 3,
        logDriver: "json-file",
        logOpts: { "max-size": "10m" },
      }),
    ).toMatchObject({
      mem_limit: "192m",
      memswap_limit: "192m",
      shm_size: "128m",
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges"],
      read_only: true,
      tmpfs: ["/tmp:size=64m"],
      ulimits: { nproc: { soft: 100, hard: 200 } },
      ports: ["127.0.0.1:8080:80"],
      networks: { default: { aliases: ["x", "y"] } },
      stop_grace_period: "3s",
      logging: { driver: "json-file", options: { "max-size": "10m" } },
    });
  });

  test("mounts uploads as files and volumes by name", () => {
    const { file, uploads } = composeFile([
      container({
        uploads: [{ file: "/etc/x.conf", content: "a=1" }],
        volumes: [{ volumeName: "cdc-dev-x", containerPath: "/data" }],
      }),
    ]);
    expect(uploads).toEqual([{ path: "files/x/etc/x.conf", content: "a=1" }]);
    expect(file.services["x"]!["volumes"]).toEqual(["x-data:/data", "./files/x/etc/x.conf:/etc/x.conf:ro"]);
    expect(file.volumes).toEqual({ "x-data": {} });
  });

  test("is refused when it has an argument that would get lost", () => {
    expect(() => service({ gpus: "all" })).toThrow(/container x has "gpus"/);
  });
});

test("a state's resources have their secrets in plain text, and nothing that a provider filled in", () => {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: '{"word":"w","list":[1]}',
  };
  const state = {
    deployment: {
      resources: [
        { urn: "urn:pulumi:bench::cdc::pulumi:pulumi:Stack::cdc-bench", type: "pulumi:pulumi:Stack" },
        {
          urn: "urn:pulumi:bench::cdc::cdc:index:Pipeline$docker:index/container:Container::cdc-x-container",
          type: "docker:index/container:Container",
          inputs: {
            __defaults: ["attach"],
            attach: false,
            envs: [secret, null],
            ports: [{ __defaults: ["protocol"], protocol: "tcp", internal: 80 }],
          },
        },
      ],
    },
  };
  expect(resourcesOf(state)).toEqual([
    { type: "pulumi:pulumi:Stack", name: "cdc-bench", inputs: {} },
    {
      type: "docker:index/container:Container",
      name: "cdc-x-container",
      inputs: { envs: [{ word: "w", list: [1] }, null], ports: [{ internal: 80 }] },
    },
  ]);
});

test("a capture by hand is a role with its rights, a table for signals and a publication", () => {
  const sql = captureByHandSql({
    ...{ host: "h", port: 1, database: "d", adminUser: "a", adminPassword: "b" },
    ...{ role: "debezium", rolePassword: "it's", publication: "p", signalTable: "debezium.signals" },
    tables: ["public.customers", "public.orders"],
  });
  expect(sql).toEqual([
    "create role \"debezium\" login replication password 'it''s'",
    "create schema if not exists debezium",
    "create table debezium.signals (id varchar(42) primary key, type varchar(32) not null, data text)",
    'grant usage on schema public, debezium to "debezium"',
    'grant select on table public.customers, public.orders to "debezium"',
    'grant select, insert, delete on table debezium.signals to "debezium"',
    'create publication "p" for table public.customers, public.orders, debezium.signals with (publish_via_partition_root = true)',
  ]);
});

describe("the program's own containers", () => {
  test("become a compose file with the same files, flags and connector", async () => {
    const ports = Object.fromEntries(Object.entries(PORTS).map(([name, port]) => [name, String(port)]));
    const { recorded } = await declaredWith({ ...ports, tables: "public.customers,public.customers_2" });
    const declared = plain(recorded) as Declared[];
    const { file } = composeFile(declared);
    expect(Object.keys(file.services).sort()).toEqual(["connect", "consumer", "kafka", "postgres", "zookeeper"]);
    const { kafka } = imagesOf(declared);
    expect(kafka).toMatch(/^cdc\/kafka:[0-9a-f]+$/);
    expect(file.services["kafka"]).toMatchObject({ image: kafka, ports: ["127.0.0.1:41002:29092"] });
    const [worker] = file.services["connect"]!["environment"] as string[];
    expect(worker).toMatch(/^PROPERTIES=# Kafka Connect worker[^]*\nplugin\.discovery=service_load\n/);
    expect(topicsOf(declared).map(({ name }) => name)).toContain("cdctest.public.customers_2");
    expect(captureOf(declared)).toMatchObject({ port: 41001, role: "debezium", adminPassword: "cdctest" });
    expect(connectorOf(declared)).toMatchObject({
      name: "customer-cdc",
      config: { "table.include.list": "(?-i)public\\.customers,(?-i)public\\.customers_2", "tasks.max": "1" },
    });
    expect(consumerEnvironment(declared)["KAFKA_BROKERS"]).toBe("kafka:9092");
  }, 30_000);
});

describe("the stock compose file", () => {
  const { file, uploads } = stockCompose(
    { kafka: "cdc/kafka:1", postgres: "cdc/postgres:1", consumer: "cdc/consumer:1" },
    PORTS,
    { KAFKA_BROKERS: "kafka:9092", POSTGRES_ADDRESS: "postgres:5432" },
    initSql(tableNames(1), "default"),
  );

  test("is a file that YAML reads the same, with a mount for every upload", () => {
    expect(parse(JSON.stringify(file))).toEqual(file);
    const mounts = Object.values(file.services).flatMap(({ volumes = [] }) => volumes as string[]);
    expect(mounts.map((mount) => mount.split(":")[0]).sort()).toEqual(uploads.map(({ path }) => `./${path}`).sort());
  });

  test("has neither limits, restarts nor health checks, and the start scripts' heaps and collector", () => {
    for (const service of Object.values(file.services)) {
      for (const key of ["mem_limit", "restart", "healthcheck"]) expect(service).not.toHaveProperty(key);
    }
    expect(file.services["kafka"]!["command"]).toEqual(expect.arrayContaining(["-Xmx1G", "-Xms1G", "-XX:+UseG1GC"]));
    expect(file.services["zookeeper"]!["command"]).toEqual(expect.arrayContaining(["-Xmx512M", "-Xms512M"]));
    expect(file.services["connect"]!["command"]).toEqual(expect.arrayContaining(["-Xms256M", "-Xmx2G"]));
    expect(JSON.stringify(file)).not.toMatch(/AOT|SharedArchive/);
  });

  test("logs as much as ours, and its consumer waits for nothing that this contestant lacks", () => {
    for (const service of ["zookeeper", "kafka", "connect"])
      expect(file.services[service]!["command"]).toContain("-Dcdc.log.level=INFO");
    const consumer = { KAFKA_BROKERS: "b", KAFKA_TOPICS: "cdctest.public.a,cdctest.message", KAFKA_RETRY_TOPIC: "r" };
    const looks = { POSTGRES_USER: "u", POSTGRES_PASSWORD_FILE: "/f", REPLICATION_SLOT: "s" };
    expect(tablesAlone({ ...consumer, ...looks }, ["public.a"])).toEqual({
      KAFKA_BROKERS: "b",
      KAFKA_TOPICS: "cdctest.public.a",
    });
  });

  test("leaves to Connect what the original left to it", () => {
    const worker = uploads.find(({ path }) => path.endsWith("connect-distributed.properties"))!.content;
    expect(worker).toContain("value.converter.schemas.enable=true");
    for (const key of ["plugin.discovery", "storage.partitions", "producer."]) expect(worker).not.toContain(key);
    const connector = stockConnector(["public.customers"]);
    expect(Object.keys(connector).filter((key) => /poll|batch|queue|slot|snapshot/.test(key))).toEqual([]);
    expect(connector).toMatchObject({ "table.include.list": "public.customers", "plugin.name": "pgoutput" });
  });
});

test("the first table is the well-known one, and each has one row", () => {
  expect(tableNames(3)).toEqual(["public.customers", "public.customers_2", "public.customers_3"]);
  const sql = initSql(tableNames(2), "full");
  expect(sql.match(/insert into/g)).toHaveLength(2);
  expect(sql.match(/replica identity full/g)).toHaveLength(2);
  expect(initSql(tableNames(2), "default")).not.toContain("replica identity");
});
