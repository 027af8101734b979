import { describe, expect, test } from "@jest/globals";
import { workerProperties } from "../../components/connect/worker-properties";
import { javaProgram } from "../../components/container/java";
import { brokerProperties } from "../../components/kafka";
import { socketsAt } from "../../components/preflight/port-holder";
import { parseContainerList } from "../../components/preflight/engine-lists";
import { properties } from "../../components/container/properties";
import { zookeeperProperties } from "../../components/zookeeper";

describe("properties files", () => {
  const guard = { hosts: ["127.0.0.1", "connect"], token: "a word" };
  const worker = { bootstrapServers: "kafka:9092", maxRecordMb: 16, guard };

  test("hold one key a line and escape backslashes", () => {
    expect(properties("Test", { a: 1, b: "x\\y" }).split("\n").slice(1)).toEqual(["a=1", "b=x\\\\y", ""]);
  });

  test("refuse a line break, which would smuggle in another key", () => {
    expect(() => properties("Test", { a: "1\nb=2" })).toThrow("Test: the value of a holds a line break");
  });

  test("broker: reachable by containers and from the host, making no topics itself", () => {
    const text = brokerProperties({ zookeeper: "zookeeper:2181", advertised: "127.0.0.1:29092" });
    expect(text).toContain("advertised.listeners=INTERNAL://kafka:9092,EXTERNAL://127.0.0.1:29092\n");
    expect(text).toContain("auto.create.topics.enable=false\n");
  });

  test("broker without ZooKeeper: its own controller, which nothing else reaches, and from which it unregisters at a stop", () => {
    const text = brokerProperties({ advertised: "127.0.0.1:29092" });
    expect(text).toContain("process.roles=broker,controller\nnode.id=1\n");
    expect(text).toContain("controller.quorum.bootstrap.servers=127.0.0.1:9093\n");
    expect(text).toContain(",CONTROLLER://127.0.0.1:9093\n");
    expect(text).toContain("advertised.listeners=INTERNAL://kafka:9092,EXTERNAL://127.0.0.1:29092\n");
    expect(text).not.toMatch(/zookeeper|broker\.id|controlled\.shutdown\.enable=false/);
  });

  test("worker: reads secrets from its folder only", () => {
    const text = workerProperties(worker);
    expect(text).toContain("bootstrap.servers=kafka:9092\n");
    expect(text).toContain("config.providers.secrets.param.allowed.paths=/kafka/secrets\n");
  });

  test("a connection to a broker that is gone is given up after 2 s, by a worker, its connectors' clients and other brokers", () => {
    const text = workerProperties(worker);
    for (const client of ["", "producer.", "consumer.", "admin."]) {
      expect(text).toContain(`\n${client}socket.connection.setup.timeout.ms=2000\n`);
      expect(text).toContain(`\n${client}socket.connection.setup.timeout.max.ms=2000\n`);
    }
    const member = { index: 2, brokers: 3, copies: 3, minInsync: 2 };
    const broker = { zookeeper: "zookeeper:2181", advertised: "127.0.0.1:29093", role: "kafka-2" };
    expect(brokerProperties({ ...broker, member })).toContain("\nsocket.connection.setup.timeout.ms=2000\n");
    // There is no other broker.
    expect(brokerProperties(broker)).not.toContain("setup.timeout");
    const shared = { name: "cdc-dev", replicationFactor: 3, properties: {} };
    expect(workerProperties({ ...worker, shared })).not.toContain("setup.timeout");
  });

  test("one of several workers, or of several brokers' one, asks again after 20 s; an only one waits for a broker that starts", () => {
    const text = workerProperties({ ...worker, role: "connect" });
    expect(text).toContain("\ndefault.api.timeout.ms=20000\nrequest.timeout.ms=10000\n");
    expect(workerProperties(worker)).not.toMatch(/^(default\.api|request)\.timeout/m);
  });

  test("worker: guards its API, and holds a hash of the token only", () => {
    const text = workerProperties(worker);
    expect(text).toContain("rest.extension.classes=cdc.RestGuard\ncdc.guard.hosts=127.0.0.1,connect\n");
    expect(text).toContain("cdc.guard.token.sha256=993a6153954705a65e1dc6dbe18c5fecf174f4dbffed49cc435f17649958315e\n");
    expect(text).not.toContain("a word");
  });

  test("worker: transactions only where they are wanted, and what was aborted is read by none", () => {
    const orders = { connectorName: "orders" };
    expect(workerProperties(worker)).toContain("plugin.discovery=service_load\n");
    expect(workerProperties({ ...worker, plugins: true })).toContain("plugin.discovery=hybrid_warn\n");
    expect(workerProperties(worker)).not.toContain("exactly.once");
    expect(workerProperties({ ...worker, exactlyOnce: orders })).toContain(
      "exactly.once.source.support=enabled\noffset.storage.segment.bytes=4194304\ncdc.fenced.transactions=connect-cluster-connect,connect-orders-0\n",
    );
    // When several workers share the tasks, one that comes back must not abort transactions that another one has begun.
    expect(workerProperties({ ...worker, exactlyOnce: {} })).not.toContain("cdc.fenced.transactions");
    const shared = { name: "cdc-dev", replicationFactor: 3, properties: {} };
    expect(workerProperties({ ...worker, exactlyOnce: orders, shared })).toContain(
      "cdc.fenced.transactions=connect-cluster-cdc-dev-connect,cdc-dev-connect-orders-0\n",
    );
    for (const exactlyOnce of [undefined, orders])
      expect(workerProperties({ ...worker, exactlyOnce })).toContain("\nisolation.level=read_committed\n");
  });

  test("broker: the kernel decides when records reach the disk, unless a setting asks for a flush, in each of several brokers", () => {
    const broker = { zookeeper: "zookeeper:2181", advertised: "127.0.0.1:29092" };
    expect(brokerProperties(broker)).not.toContain("flush");
    const member = { index: 2, brokers: 3, copies: 3, minInsync: 2 };
    for (const more of [{}, { zookeeper: undefined }, { member }])
      expect(brokerProperties({ ...broker, ...more, flushBeforeAck: true })).toContain(
        "\nlog.flush.interval.messages=1\n",
      );
  });

  test("one setting says how large a record may be", () => {
    const broker = brokerProperties({ zookeeper: "zookeeper:2181", advertised: "127.0.0.1:29092", maxRecordMb: 32 });
    expect(broker).toContain("message.max.bytes=33554432\n");
    expect(workerProperties({ ...worker, maxRecordMb: 32 })).toContain("producer.max.request.size=33554432\n");
  });

  test("ZooKeeper: listens for clients, and serves no admin page", () => {
    expect(zookeeperProperties()).toContain("clientPort=2181\nt");
    expect(zookeeperProperties()).toContain("admin.enableServer=false\n");
  });
});

describe("who holds a port", () => {
  test("containers, from docker ps", () => {
    const line = "cdc-dev-kafka\tcdc-dev\t127.0.0.1:29092->29092/tcp, :::80->80/tcp\t0a1b\nother\t\t\t2c3d\n";
    expect(parseContainerList(line)).toEqual([
      { name: "cdc-dev-kafka", stack: "cdc-dev", id: "0a1b", ports: [29092, 80] },
      { name: "other", stack: "", id: "2c3d", ports: [] },
    ]);
  });

  test("sockets, from /proc/net/tcp: those at that port of this machine only", () => {
    const table = [
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
      "   0: 0100007F:D888 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0",
      "   1: 0100007F:D888 0100007F:1234 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0 0 10 0",
      "   2: 0100007F:D888 0100007F:1235 06 00000000:00000000 03:0000176D 00000000     0        0 0 3 000000001",
      "   3: 0100007F:1F93 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0",
    ].join("\n");
    expect(socketsAt(table, 0xd888)).toEqual([
      { inode: "4711", isListening: true },
      { inode: "4712", isListening: false },
      { inode: "0", isListening: false, endsInMs: 59_970 },
    ]);
  });
});

test("a program whose image has another jar than its cache was made with starts without the cache", () => {
  const program = { options: "connect", cache: "connect", heapMb: 1, main: "Main", properties: "" } as const;
  const text = (changed: boolean) => javaProgram({ ...program, changed }).command.join(" ");
  expect(text(false)).toContain("-XX:AOTCache=/kafka/aot/connect.aot");
  expect(text(true)).not.toContain("AOTCache");
});
