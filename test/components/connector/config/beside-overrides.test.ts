import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { postgresSource } from "../../../../components/connector/config/postgres-source";
import { onNotifications } from "../../../../components/connector/snapshot/transforms";
import { unheardMessages } from "../../../../components/settings/own-messages";
import { probeTopic } from "../../../../commands/doctor/probe";
import { ARGS } from "../source-args";

const source = (overrides: Record<string, string>, change: object = {}) =>
  postgresSource({ ...ARGS, signalTable: "debezium.signals", overrides, ...change }) as Record<string, string>;

describe("converters of somebody's own", () => {
  test("come before the stack's, without which values would be written otherwise", () => {
    const config = source({ converters: "isbn, money", "isbn.type": "a.Isbn", "money.type": "a.Money" });
    expect(config).toMatchObject({ converters: "isbn,money,text", "text.type": "cdc.PostgresTextConverter" });
    expect(source({ converters: "text,isbn", "isbn.type": "a.Isbn" })["converters"]).toBe("isbn,text");
  });

  test("may have the usual name of the stack's", () => {
    expect(source({ converters: "text", "text.type": "a.Text" })).toMatchObject({
      ...{ converters: "text,cdc_text", "text.type": "a.Text", "cdc_text.type": "cdc.PostgresTextConverter" },
    });
  });

  test("are alone on a worker without the stack's classes", () => {
    expect(source({ converters: "isbn" }, { extensions: false })["converters"]).toBe("isbn");
  });
});

describe("transforms of somebody's own", () => {
  const router = (name: string) => ({ [`transforms.${name}.type`]: "org.apache.kafka.connect.transforms.RegexRouter" });
  const matches = (pattern: string) => ({
    "predicates.mine.type": "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
    "predicates.mine.pattern": pattern,
  });

  test("pass by Debezium's notifications: an up sees by them that rows are read", () => {
    const config = source({ transforms: "all", ...router("all") });
    expect(config).toMatchObject({
      "transforms.all.predicate": "cdcNotifications",
      "transforms.all.negate": true,
      predicates: "cdcNotifications",
      "predicates.cdcNotifications.type": "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
      "predicates.cdcNotifications.pattern": "__debezium-notifications\\.cdctest",
    });
    expect(onNotifications(config)).toEqual([]);
  });

  test("keep their own predicates", () => {
    const own = {
      ...router("some"),
      "transforms.some.predicate": "mine",
      predicates: "mine",
      ...matches("cdctest\\..*"),
    };
    const config = source({ transforms: "some,all", ...own, ...router("all") });
    expect(config).toMatchObject({ ...own, predicates: "mine,cdcNotifications" });
    expect(config).not.toHaveProperty(["transforms.some.negate"]);
    expect(onNotifications(config)).toEqual([]);
    const without = source({ transforms: "some", ...own });
    expect(without).toMatchObject(own);
    expect(without).not.toHaveProperty(["predicates.cdcNotifications.type"]);
  });

  test("are named where they get the notifications all the same", () => {
    const some = { transforms: "some", ...router("some"), predicates: "mine", "transforms.some.predicate": "mine" };
    const gets = (change: object) => onNotifications(source({ ...some, ...change }));
    expect(gets(matches(".*"))).toEqual(["some"]);
    expect(gets({ ...matches(".*"), "transforms.some.negate": "true" })).toEqual([]);
    const tombstones = { "predicates.mine.type": "org.apache.kafka.connect.transforms.predicates.RecordIsTombstone" };
    expect(gets(tombstones)).toEqual([]);
    expect(gets({ ...tombstones, "transforms.some.negate": "true" })).toEqual(["some"]);
    expect(gets({ "predicates.mine.type": "a.Predicate" })).toEqual(["some"]);
    expect(gets(matches("(?<"))).toEqual(["some"]);
    expect(onNotifications({ transforms: "a, b", ...router("a") })).toEqual(["a", "b"]);
  });

  test("without added tables there are no notifications", () => {
    expect(source({ transforms: "all", ...router("all") }, { signalTable: undefined })).not.toHaveProperty(
      "predicates",
    );
  });

  test("a prefix that is not known yet", async () => {
    const topicPrefix = pulumi.output("a+b");
    const config = source({ transforms: "all", ...router("all") }, { topicPrefix });
    const pattern = pulumi.output(config["predicates.cdcNotifications.pattern"]);
    expect(await new Promise((resolve) => pattern.apply(resolve))).toBe("__debezium-notifications\\.a\\+b");
  });
});

describe("a transform that fails the task at a message which is no JSON", () => {
  const decoding = {
    transforms: "decode",
    "transforms.decode.type": "io.debezium.connector.postgresql.transforms.DecodeLogicalDecodingMessageContent",
  };
  const passes = (list: string | undefined, prefix: string) =>
    list!.split(",").some((each) => new RegExp(`^(?:${each})$`).test(prefix));
  const own = ["cdc.probe", "cdc.capture", "cdc.read-anew", "cdc.begun-anew", "cdc.heartbeat"];

  test("gets none of the stack's own, and all of somebody else's", () => {
    const list = source({ ...decoding, "message.prefix.exclude.list": "noise" })["message.prefix.exclude.list"];
    expect([...own, "noise"].filter((prefix) => !passes(list, prefix))).toEqual([]);
    expect(passes(list, "outbox")).toBe(false);
    const included = source({ ...decoding, "message.prefix.include.list": "outbox,c.*" });
    expect(own.filter((prefix) => passes(included["message.prefix.include.list"], prefix))).toEqual([]);
    expect(passes(included["message.prefix.include.list"], "outbox")).toBe(true);
    expect(passes(included["message.prefix.include.list"], "cars")).toBe(true);
    expect(probeTopic(included)).toBeUndefined();
    expect(probeTopic(source(decoding))).toBeUndefined();
  });

  test("leaves them where a predicate keeps the messages from it, and where it is not listed", () => {
    const named = { ...decoding, "transforms.decode.predicate": "mine", predicates: "mine" };
    const kind = "org.apache.kafka.connect.transforms.predicates.";
    const tables = {
      "predicates.mine.type": `${kind}TopicNameMatches`,
      "predicates.mine.pattern": "cdctest\\.public\\..*",
    };
    for (const config of [
      { ...named, ...tables },
      { ...named, "predicates.mine.type": `${kind}HasHeaderKey` },
      { ...decoding, transforms: "" },
    ])
      expect(probeTopic(source(config))).toBe("cdctest.message");
    expect(probeTopic(source({ ...named, ...tables, "predicates.mine.pattern": ".*message" }))).toBeUndefined();
  });

  test("is said, with what the consumer does not hear then", () => {
    expect(unheardMessages("cdctest", decoding)).toMatch(
      /^transforms\.decode fails .*`doctor` has no probe\. A predicate that keeps cdctest\.message/,
    );
    expect(unheardMessages("cdctest", {})).toBeUndefined();
  });
});
