import { lastApplied } from "./components/applied";
import { after } from "./components/bare";
import { changedTablesSql, PostgresCapture, replicationName } from "./components/capture";
import { Connect } from "./components/connect";
import { DebeziumConnector, postgresSource, secretFiles } from "./components/connector";
import { Consumer, consumerKind } from "./components/consumer";
import { bundleConsumer } from "./components/consumer-bundle";
import { deadLetterTopicOf, keptTopics, messageTopicOf, retryTopicOf, tellCosts } from "./components/costs";
import { derivedPassword } from "./components/derived-password";
import { DynamicProvider } from "./components/dynamic-resource";
import { initFiles } from "./components/first-start";
import { parseRebuild, REBUILD_VARIABLE } from "./components/image-names";
import { Image } from "./components/images";
import { Kafka } from "./components/kafka";
import { CONNECTOR_LABEL, CONSUMER_LABEL } from "./components/labels";
import { Network } from "./components/network";
import { Postgres } from "./components/postgres";
import { preflight } from "./components/preflight";
import { readSettings, type Settings } from "./components/settings";
import { Topics } from "./components/topics";
import { ZooKeeper } from "./components/zookeeper";

/** The pipeline: settings in, components wired, outputs out. */
export = async () => {
  const settings = readSettings();
  const files = initFiles(settings.initFolder);
  const consumes = consumerKind(settings.consumer);
  // All that can be wrong with them is said before anything is made.
  const [context, { present, postgres: postgresNeeds }, existing] = await Promise.all([
    consumes === "handler" ? bundleConsumer(settings.handler) : "",
    preflight(settings, files),
    weighed(settings),
  ]);

  const images = { present, rebuild: parseRebuild(process.env[REBUILD_VARIABLE]) };
  const kafkaImage = new Image("kafka", {
    ...images,
    built: "kafka",
    context: "images/kafka",
    instead: settings.kafkaImage,
  });
  const postgresImage = new Image("postgres", {
    ...images,
    built: "postgres",
    context: "images/postgres",
    instead: settings.postgresImage,
  });
  const consumerImage =
    consumes === "none"
      ? undefined
      : new Image("consumer", {
          ...images,
          built: "consumer",
          context,
          instead: consumes === "own" ? settings.consumer : "",
        });

  const network = new Network("network", { prefix: settings.prefix, image: kafkaImage.reference });
  const stack = { prefix: settings.prefix, network: network.early };
  // What is declared so far is told to the engine now: it starts the Docker plugin while the rest is loaded.
  await new Promise(setImmediate);

  const postgres = new Postgres("postgres", {
    ...stack,
    image: postgresImage.reference,
    needs: postgresNeeds,
    port: settings.postgresPort,
    memoryMb: settings.postgresMemoryMb,
    database: settings.database,
    user: settings.user,
    password: settings.password,
    initFiles: files,
  });
  const zookeeper = new ZooKeeper("zookeeper", { ...stack, image: kafkaImage.reference });
  const kafka = new Kafka("kafka", {
    ...stack,
    image: kafkaImage.reference,
    port: settings.kafkaPort,
    maxRecordMb: settings.maxRecordMb,
    memoryMb: settings.kafkaMemoryMb,
    zookeeper,
  });

  const rolePassword = derivedPassword(settings.password, "debezium");
  const secrets = secretFiles({ "database.password": rolePassword, ...settings.connectorSecrets });
  const connect = new Connect("connect", {
    ...stack,
    image: kafkaImage.reference,
    port: settings.connectPort,
    maxRecordMb: settings.maxRecordMb,
    memoryMb: settings.connectMemoryMb,
    broker: kafka.container,
    internalServers: kafka.internalServers,
    secretFiles: secrets.files,
    labels: consumes === "handler" ? {} : { [CONSUMER_LABEL]: consumes, [CONNECTOR_LABEL]: settings.connectorName },
  });

  // The engine starts a plugin and does nothing else meanwhile: those which nothing needs before Postgres runs start then.
  const dynamic = new DynamicProvider("dynamic", { dependsOn: after(postgres.container) });
  const signalTable = `${settings.captureName}.signals`;
  const capture = new PostgresCapture(
    "capture",
    {
      port: postgres.port,
      database: settings.database,
      adminUser: settings.user,
      adminPassword: settings.password,
      role: settings.captureName,
      rolePassword,
      tables: settings.tables,
      publication: settings.captureName,
      slotName: replicationName(settings.prefix, settings.connectorName),
      replicaIdentity: settings.replicaIdentity,
      signalTable,
    },
    { provider: dynamic, dependsOn: postgres, deletedWith: postgres.data },
  );

  const messageTopic = messageTopicOf(settings.topicPrefix);
  const deadLetterTopic = deadLetterTopicOf(settings.topicPrefix);
  const retryTopic = retryTopicOf(settings.topicPrefix);
  const topics = new Topics("topics", {
    bootstrapServers: kafka.bootstrapServers,
    prefix: settings.topicPrefix,
    tables: settings.tables,
    captured: capture.captured,
    others: [messageTopic],
    existing,
    retentionMs: settings.retentionMs,
    keeps: settings.keepTopics,
    // A dead letter may be looked at only after weeks, and what was sent back marks it.
    kept: [deadLetterTopic, retryTopic],
    broker: kafka.container,
    data: kafka.data,
    pluginAfter: postgres.container,
  });

  const connector = new DebeziumConnector(
    settings.connectorName,
    {
      connectUrl: connect.url,
      connectorName: settings.connectorName,
      config: postgresSource({
        hostname: "postgres",
        database: settings.database,
        user: capture.role,
        password: secrets.config["database.password"]!,
        topicPrefix: settings.topicPrefix,
        tables: topics.tables,
        leftOut: capture.generated,
        slotName: capture.slotName,
        publication: capture.publication,
        signalTable: capture.signalTable,
        changedTables: changedTablesSql(signalTable, settings.captureName),
        snapshotMode: settings.snapshotMode,
        maxRecordMb: settings.maxRecordMb,
        overrides: { ...settings.connectorConfig, ...secrets.config },
      }),
      database: {
        host: "127.0.0.1",
        port: settings.postgresPort,
        database: settings.database,
        user: capture.role,
        password: rolePassword,
      },
      observer: { user: settings.user, password: settings.password },
      secretsVersion: secrets.version,
      worker: connect.container.id,
      bootstrapServers: kafka.bootstrapServers,
      tableIds: capture.tableIds,
    },
    { provider: dynamic, dependsOn: connect, deletedWith: kafka.data },
  );

  const consumer =
    consumerImage &&
    new Consumer("consumer", {
      prefix: settings.prefix,
      network: network.networkName,
      image: consumerImage.reference,
      own: consumes === "own",
      port: settings.consumerPort,
      memoryMb: settings.consumerMemoryMb,
      broker: kafka.container,
      internalServers: kafka.internalServers,
      topics: topics.names,
      messageTopic,
      connectorConfig: settings.connectorConfig,
      furtherTopics: settings.consumerTopics,
      deadLetterTopic,
      retryTopic,
      connectUrl: connect.internalUrl,
      connectorName: settings.connectorName,
      logFormat: settings.logFormat,
      handlerEnv: settings.handlerEnv,
      handlerSecrets: settings.handlerSecrets,
    });

  return {
    connectUrl: connect.url,
    bootstrapServers: kafka.bootstrapServers,
    databaseUrl: postgres.url,
    topics: topics.names,
    connectorState: connector.state,
    // One of somebody's own need not have the project's page and feed.
    ...(consumer && { [consumes === "own" ? "consumerUrl" : "feedUrl"]: consumer.url }),
  };
};

/** Says what the change of settings costs. @returns topics that are there and the stack does not know, to be taken over */
async function weighed(settings: Settings): Promise<ReadonlySet<string>> {
  const applied = await lastApplied();
  const [existing] = await Promise.all([keptTopics(applied, settings), tellCosts(applied, settings)]);
  return existing;
}
