import type { ComposeFile, ComposeUpload } from "./compose-file";

/** Images with the same content for all contestants, so that only settings differ. */
export interface Images {
  kafka: string;
  postgres: string;
  consumer: string;
}

export interface StockPorts {
  postgresPort: number;
  connectPort: number;
  consumerPort: number;
}

const DATABASE = "cdctest";
const BROKER = "kafka:9092";
const PASSWORD_FILE = "/run/secrets/postgres-password";

/**
 * Pure: the compose file as which this project began, as far as it can still run. It keeps the services, arguments and variables. The original's
 * images are gone, so it writes out what they brought along: heaps and collector of the start scripts, the properties files of Kafka, and what the
 * connect image's entrypoint sets. Three things favour it over the original: no further Java process makes the topic of its broker image, Connect
 * finds one plugin instead of ten, and Postgres starts from the same prepared image as ours.
 *
 * @param consumer environment of our consumer, which replaces the original's
 */
export function stockCompose(
  images: Images,
  ports: StockPorts,
  consumer: Record<string, string>,
  initSql: string,
): { file: ComposeFile; uploads: ComposeUpload[] } {
  const upload = (target: string, content: string): [string, ComposeUpload] => {
    const path = `files${target}`;
    return [`./${path}:${target}:ro`, { path, content }];
  };
  const [password, passwordFile] = upload(PASSWORD_FILE, DATABASE);
  const [init, initFile] = upload("/docker-entrypoint-initdb.d/01-init.sql", initSql);
  const [zookeeper, zookeeperFile] = upload("/kafka/config/zookeeper.properties", properties(ZOOKEEPER));
  const [broker, brokerFile] = upload("/kafka/config/server.properties", properties(BROKER_PROPERTIES));
  const [worker, workerFile] = upload("/kafka/config/connect-distributed.properties", properties(WORKER));
  const file: ComposeFile = {
    services: {
      database: {
        image: images.postgres,
        environment: { POSTGRES_DB: DATABASE, POSTGRES_USER: DATABASE, POSTGRES_PASSWORD_FILE: PASSWORD_FILE },
        command: ["postgres", "-c", "wal_level=logical", "-c", "max_wal_senders=10", "-c", "max_replication_slots=10"],
        ports: [`127.0.0.1:${ports.postgresPort}:5432`],
        volumes: [init, password],
      },
      zookeeper: { image: images.kafka, command: ZOOKEEPER_COMMAND, volumes: [zookeeper] },
      kafka: { image: images.kafka, command: BROKER_COMMAND, volumes: [broker] },
      connect: {
        image: images.kafka,
        command: WORKER_COMMAND,
        ports: [`127.0.0.1:${ports.connectPort}:8083`],
        volumes: [worker],
      },
      consumer: {
        image: images.consumer,
        environment: { ...consumer, POSTGRES_ADDRESS: "database:5432" },
        ports: [`127.0.0.1:${ports.consumerPort}:8088`],
        init: true,
        depends_on: ["kafka"],
      },
    },
    networks: { default: { driver: "bridge" } },
    volumes: {},
  };
  return { file, uploads: [passwordFile, initFile, zookeeperFile, brokerFile, workerFile] };
}

/** Kafka's libraries in the image. */
const LIBRARIES = "/kafka/libs/*";
/** The image's Debezium was changed, and needs the classes that the changes call. A plugin's class loader would not find them. */
const DEBEZIUM = `${LIBRARIES}:/kafka/debezium/*:/kafka/debezium/debezium-connector-postgres/*`;

/** The command line that kafka-run-class.sh makes with the heap of each start script. */
function java(heap: string[], main: string, file: string, classPath = LIBRARIES): string[] {
  return [
    "java",
    ...heap,
    "-server",
    "-XX:+UseG1GC",
    "-XX:MaxGCPauseMillis=20",
    "-XX:InitiatingHeapOccupancyPercent=35",
    "-XX:+ExplicitGCInvokesConcurrent",
    "-Djava.awt.headless=true",
    "-Dcom.sun.management.jmxremote",
    "-Dcom.sun.management.jmxremote.authenticate=false",
    "-Dcom.sun.management.jmxremote.ssl=false",
    "-Dlog4j.configuration=file:/kafka/config/log4j.properties",
    // The image's log4j.properties needs this variable. Without it, log4j would log everything.
    "-Dcdc.log.level=INFO",
    "-cp",
    classPath,
    main,
    `/kafka/config/${file}.properties`,
  ];
}

const ZOOKEEPER_COMMAND = java(
  ["-Xmx512M", "-Xms512M"],
  "org.apache.zookeeper.server.quorum.QuorumPeerMain",
  "zookeeper",
);
const BROKER_COMMAND = java(["-Xmx1G", "-Xms1G"], "kafka.Kafka", "server");
const WORKER_COMMAND = java(
  ["-Xms256M", "-Xmx2G"],
  "org.apache.kafka.connect.cli.ConnectDistributed",
  "connect-distributed",
  DEBEZIUM,
);

/** Kafka's config/zookeeper.properties. */
const ZOOKEEPER = {
  dataDir: "/zookeeper/data",
  clientPort: 2181,
  maxClientCnxns: 0,
  "admin.enableServer": false,
};

/** Kafka's config/server.properties, with what the broker's image sets from its environment. */
const BROKER_PROPERTIES = {
  "broker.id": -1,
  listeners: "PLAINTEXT://0.0.0.0:9092",
  "advertised.listeners": `PLAINTEXT://${BROKER}`,
  "num.network.threads": 3,
  "num.io.threads": 8,
  "socket.send.buffer.bytes": 102400,
  "socket.receive.buffer.bytes": 102400,
  "socket.request.max.bytes": 104857600,
  "log.dirs": "/kafka/data",
  "num.partitions": 1,
  "num.recovery.threads.per.data.dir": 1,
  "offsets.topic.replication.factor": 1,
  "transaction.state.log.replication.factor": 1,
  "transaction.state.log.min.isr": 1,
  "log.retention.hours": 168,
  "log.retention.check.interval.ms": 300000,
  "zookeeper.connect": "zookeeper:2181",
  "zookeeper.connection.timeout.ms": 18000,
  "group.initial.rebalance.delay.ms": 0,
};

/** Kafka's config/connect-distributed.properties, with what the connect image's entrypoint sets. */
const WORKER = {
  "bootstrap.servers": BROKER,
  "group.id": 1,
  "key.converter": "org.apache.kafka.connect.json.JsonConverter",
  "value.converter": "org.apache.kafka.connect.json.JsonConverter",
  "key.converter.schemas.enable": true,
  "value.converter.schemas.enable": true,
  "config.storage.topic": "cdc_connect_configs",
  "offset.storage.topic": "cdc_connect_offsets",
  "status.storage.topic": "cdc_source_connect_statuses",
  "config.storage.replication.factor": 1,
  "offset.storage.replication.factor": 1,
  "status.storage.replication.factor": 1,
  "offset.flush.interval.ms": 60000,
  "offset.flush.timeout.ms": 5000,
  "task.shutdown.graceful.timeout.ms": 10000,
  "rest.advertised.host.name": "connect",
  // Debezium is on the class path.
  "plugin.path": "/kafka/connect",
};

function properties(values: Record<string, string | number | boolean>): string {
  return `${Object.entries(values)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join("\n")}\n`;
}

/**
 * Pure: the consumer's environment without the parts that this contestant lacks. The consumer reads only the tables' topics, which the broker makes
 * with their first records. It watches no slot, and does not read dead letters that are sent back.
 */
export function tablesAlone(consumer: Record<string, string>, tables: string[]): Record<string, string> {
  const others = Object.entries(consumer).filter(
    ([name]) => !/^(POSTGRES_|REPLICATION_SLOT$|CONNECT_OFFSETS_TOPIC$|KAFKA_RETRY_TOPIC$)/.test(name),
  );
  return { ...Object.fromEntries(others), KAFKA_TOPICS: tables.map((table) => `${DATABASE}.${table}`).join(",") };
}

/** The original's customers_conf.json. */
export function stockConnector(tables: string[]): Record<string, string> {
  return {
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    "database.hostname": "database",
    "database.port": "5432",
    "database.user": DATABASE,
    "database.password": DATABASE,
    "database.dbname": DATABASE,
    "database.server.name": DATABASE,
    "topic.prefix": DATABASE,
    "table.include.list": tables.join(","),
    "plugin.name": "pgoutput",
  };
}
