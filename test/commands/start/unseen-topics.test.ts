import { expect, test } from "@jest/globals";
import { CONTAINER, type Resource, TOPIC, VOLUME } from "../../../commands/stack/deployment";
import { hasUnseenTopics } from "../../../commands/start/unseen-topics";

const resource = (type: string, name: string): Resource => ({ urn: `urn:${name}`, type, inputs: { name } });
const DATA = resource(VOLUME, "s-kafka-data");
const BROKER = resource(CONTAINER, "s-kafka");
const OTHERS = [resource(VOLUME, "s-postgres-data"), resource(CONTAINER, "s-postgres")];

test.each([
  ["an empty state", [], false],
  ["a stack that is up", [...OTHERS, DATA, BROKER, resource(TOPIC, "s.public.t")], false],
  ["a first start that failed before its topics: its broker can be asked", [...OTHERS, DATA, BROKER], false],
  ["a stop that was killed when the containers were gone", [DATA], true],
  ["the same while others were left", [...OTHERS, DATA], true],
  ["the same when the broker's data were gone, too", OTHERS, false],
])("%s", (_what, state, unseen) => {
  expect(hasUnseenTopics(state)).toBe(unseen);
});
