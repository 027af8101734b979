import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { lookAtConnectors } from "../../../commands/look/connectors-look";
import type { ConnectorInputs, ConnectorOutputs } from "../../../components/connector/connector-types";
import { type Mutation, mutated, mutations } from "../../support/mutations";
import { connect, inputs, NAME, provider, useFakeConnect } from "./setting";

useFakeConnect();
/** Texts of errors of code that got another kind of value than it expects. */
const CRASH = /Cannot (read|set|convert|destructure|use)|is not (a function|iterable|an object)|undefined|\[object /;

const answers = fc.record({
  /** The requests that get another answer, by a part of method and path. */
  of: fc.constantFrom(
    "GET ",
    "/config",
    "/status",
    "/validate",
    "/connector-plugins",
    "/topics",
    "/offsets",
    "POST ",
    "PUT ",
  ),
  /** Another status, or the same. It leaves out those that the code tries again until the deadline: they cost a second each. */
  status: fc.constantFrom(undefined, undefined, undefined, 200, 201, 204, 302, 400, 401, 403, 418),
  body: mutations,
});

/** Checks that the promise resolves, or rejects with an error that helps a person. */
async function isClear(what: Promise<unknown>): Promise<void> {
  const error = await what.then(
    () => undefined,
    (thrown: unknown) => thrown as Error,
  );
  if (error === undefined) return;
  expect(error).toBeInstanceOf(Error);
  expect(error.message).toMatch(/customer-cdc|it answers|Kafka Connect at http/);
  expect(error.message).not.toMatch(CRASH);
}

function disturb({ of, status, body }: { of: string; status?: number; body: Mutation }): void {
  connect.mutate = (reply, request) =>
    request.includes(of) ? { status: status ?? reply.status, body: mutated(reply.body, body) } : reply;
}

const brief = (): ConnectorInputs => inputs({ readyTimeoutSeconds: 0.3, deleteTimeoutSeconds: 0.3 });

function outputs(): ConnectorOutputs {
  return { ...brief(), tasks: [], topics: [], pluginVersion: "", pendingSnapshots: [] };
}

test("a preview and a look take any answer of Kafka Connect", async () => {
  await fc.assert(
    fc.asyncProperty(answers, async (answer) => {
      connect.add(NAME, { "connector.class": String(brief().config["connector.class"]), "topic.prefix": "t" });
      disturb(answer);
      const news = { ...brief(), config: { ...brief().config, "max.batch.size": 1 } };
      await isClear(provider.check(brief(), news));
      await isClear(lookAtConnectors({ url: connect.url }, 1000));
    }),
    { numRuns: 150 },
  );
});

test("an up, a refresh and a destroy end, with a clear error or as they should", async () => {
  await fc.assert(
    fc.asyncProperty(answers, async (answer) => {
      connect.connectors.clear();
      disturb(answer);
      await isClear(provider.create(brief()));
      connect.add(NAME, { "connector.class": String(brief().config["connector.class"]) });
      await isClear(provider.update(NAME, outputs(), { ...brief(), state: "PAUSED" }));
      await isClear(provider.read(NAME, outputs()));
      await isClear(provider.delete(NAME, outputs()));
    }),
    { numRuns: 30 },
  );
});
