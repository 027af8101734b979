import { expect, test } from "@jest/globals";
import { elsewhere } from "../../../commands/look/elsewhere";
import { brokerOf, connectOf } from "../../../commands/look/stack-look";
import { containerFindings } from "../../../commands/look/verdicts/container-verdicts";
import { container, NOW } from "../../support/fakes/stack-look";

const KAFKA = { servers: "k:9093", tls: {} };
const missing = (service: "kafka" | "zookeeper" | "connect") => container(service, { state: "missing", ports: {} });

test("a part that somebody else runs is not missing, and is asked at its own address", () => {
  const kafka = elsewhere(missing("kafka"), { kafka: KAFKA });
  expect(brokerOf(kafka)).toEqual(KAFKA);
  expect(containerFindings([kafka, elsewhere(missing("zookeeper"), { kafka: KAFKA })], NOW)).toEqual([
    { part: "kafka", about: "kafka", mark: "note", text: "somebody else's, at k:9093" },
    { part: "zookeeper", about: "zookeeper", mark: "note", text: "somebody else's" },
  ]);
  const connect = { url: "https://c:8083", security: { username: "me" } };
  expect(connectOf(elsewhere(missing("connect"), { kafka: KAFKA, connect }))).toEqual(connect);
});

test("a missing container of the stack's own stays missing, and an existing one is asked", () => {
  expect(elsewhere(missing("connect"), { kafka: KAFKA }).state).toBe("missing");
  expect(brokerOf(elsewhere(container("kafka"), { kafka: KAFKA }))).toBe("127.0.0.1:29092");
});
