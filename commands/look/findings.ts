import { replicationName } from "../../components/capture/object-names";
import { CONNECTOR_LABEL } from "../../components/container/labels";
import { isPostgres, outputTopics, slotOf } from "../../components/connector/slot/source";
import { eachOnce } from "../../components/preflight/missed-look";
import { type ContainerLook, isThere, type Service } from "./containers-look";
import { upgradeTold } from "../upgrade-postgres/upgrade-look";
import { type Finding, PARTS, rankedByCause } from "./finding";
import { type LagLook, summedLag } from "./lag-look";
import { connectOf, consumerKindOf, containerOf, type StackLook, subscriptionOf } from "./stack-look";
import { connectorFindings, restartOf } from "./verdicts/connector-verdicts";
import { containerFindings } from "./verdicts/container-verdicts";
import {
  changedTableFindings,
  databaseFindings,
  openFindings,
  slotFindings,
  strangeSlots,
  unnotedFindings,
} from "./verdicts/database-verdicts";
import { consumerFindings, topicFindings } from "./verdicts/delivery-verdicts";

/**
 * Pure: all findings of a look at the stack, in the order of the parts. The first bad one is the cause.
 *
 * @param further findings of questions that only `doctor` asks
 */
export function findingsOf(look: StackLook, further: readonly Finding[] = []): Finding[] {
  if (!look.containers.ok) {
    const text = `the engine does not answer: ${look.containers.reason}`;
    return rankedByCause([{ part: "engine", about: "engine", mark: "bad", text, remedy: "npm run setup" }, ...further]);
  }
  const consumes = consumerKindOf(look.containers.value);
  const isNone = consumes === "none";
  const containers = look.containers.value;
  const needed = isNone ? containers.filter(({ service }) => service !== "consumer") : containers;
  // Where all is somebody else's and there is no consumer, a stack has no container of its own.
  const isUp = needed.every(({ state }) => state === "elsewhere");
  if (!isUp && needed.every(({ state }) => state === "missing" || state === "elsewhere")) {
    const { others = [] } = look;
    const beside = others.length > 0 ? `; what the engine has are ${others.join(", ")} (--stack)` : "";
    const text = `there is no container of the stack ${look.prefix}: it is not up${beside}`;
    return rankedByCause([{ part: "engine", about: "engine", mark: "bad", text, remedy: "npm start" }, ...further]);
  }
  // A container that does not run has one finding, which says so.
  const running = (service: Service, findings: (container: ContainerLook) => Finding[]): Finding[] => {
    const container = containerOf(containers, service);
    return isThere(container) ? findings(container) : [];
  };
  const { at } = look;
  const found = rankedByCause([
    ...upgradeFindings(look),
    ...containerFindings(needed, at),
    ...running("postgres", (postgres) => [
      ...databaseFindings(look.database, postgres, at),
      // `doctor` compares the database with the declaration, and says both of these then. A note says that it could not.
      ...(further.some(({ part, mark }) => part === "capture" && mark !== "note") || !look.database.ok
        ? []
        : [
            ...unnotedFindings(look.database.value.unnoted),
            ...changedTableFindings(look.database.value.changedTables),
          ]),
      ...slotsOf(look, postgres),
    ]),
    ...running("connect", (connect) =>
      connectorFindings(look.connectors, connect, {
        declared: declaredConnector(containers),
        url: connectOf(connect).url,
        broker: look.broker,
        now: at,
      }),
    ),
    ...running("kafka", (kafka) => topicFindings(look.broker, lagOfAll(look), subscriptionOf(containers), kafka, at)),
    ...(isNone ? unreadTopics(look) : []),
    ...(consumes === "handler" ? running("consumer", (consumer) => consumerFindings(look.consumer, consumer, at)) : []),
    ...look.furtherConsumers.flatMap((each) => consumerFindings(each.look, each.container, at)),
    ...further,
  ]);
  return look.upgrade === undefined ? found : found.map(withoutStart);
}

function upgradeFindings({ upgrade, prefix }: StackLook): Finding[] {
  return upgrade === undefined
    ? []
    : [{ part: "upgrade", about: `${prefix}-postgres`, mark: "bad", ...upgradeTold(upgrade, prefix) }];
}

/** What neither starts the database's server nor lets a connector go on. */
const HARMLESS = /^npm run logs |^docker (start|restart|unpause) /;

/** Amid an upgrade nothing else may be advised: `npm start` refuses, and a server or a connector of before would lose changes. */
function withoutStart(finding: Finding): Finding {
  const { remedy, ...rest } = finding;
  const isFree = PARTS[finding.part].heading === "Machine" || finding.part === "upgrade";
  const isKept = remedy !== undefined && finding.part !== "postgres" && (isFree || HARMLESS.test(remedy));
  return isKept ? finding : rest;
}

/** Missing topics of the stack's connector, in a stack whose consumer names none. A transform may send the records to others. */
function unreadTopics({ broker, connectors, containers }: StackLook): Finding[] {
  if (!broker.ok || !connectors.ok || !containers.ok) return [];
  const declared = declaredConnector(containers.value);
  const config = connectors.value.find(({ name }) => name === declared)?.config ?? {};
  if (config["transforms"]) return [];
  return outputTopics(config, [])
    .filter((topic) => !broker.value.topics.includes(topic))
    .map((about) => ({ part: "topics", about, mark: "bad", text: "there is no such topic", remedy: "npm start" }));
}

/** How long changes took until a handler had them, whichever consumer's it was. */
function lagOfAll({ consumer, furtherConsumers }: StackLook): Record<string, LagLook> {
  const answers = [consumer, ...furtherConsumers.map(({ look }) => look)];
  return summedLag(answers.flatMap((each) => (each.ok ? [each.value.lag] : [])));
}

/** Only the consumer that reads a topic notices that it was made again. */
function lossesOfAll({ consumer, furtherConsumers }: StackLook): string[] {
  const answers = [consumer, ...furtherConsumers.map(({ look }) => look)];
  return eachOnce(answers.flatMap((each) => (each.ok ? (each.value.health.losses ?? []) : [])));
}

function slotsOf(look: StackLook, postgres: ContainerLook): Finding[] {
  if (!look.database.ok || !look.containers.ok) return [];
  const { slots, open, writtenBytes, endsBytes } = look.database.value;
  const losses = lossesOfAll(look);
  const connectors = look.connectors.ok ? look.connectors.value.filter(({ config }) => isPostgres(config)) : [];
  const declared = declaredConnector(look.containers.value);
  const connector = connectors.find(({ name }) => name === declared);
  const name = connector ? slotOf(connector.config) : replicationName(look.prefix, declared);
  const known = [name, ...connectors.map(({ config }) => slotOf(config))];
  const restart = restartOf(connectOf(containerOf(look.containers.value, "connect")).url, declared);
  return [
    ...slotFindings(name, slots, connector, postgres, restart, {
      ...{ writtenBytes, endsBytes, losses },
      noConnector: look.connectors.ok && connector === undefined,
    }),
    ...strangeSlots(known, slots, postgres),
    ...openFindings(open),
  ];
}

/** Name of the stack's own connector, from the consumer's settings, or from Kafka Connect's container where there is no consumer. */
export function declaredConnector(containers: ContainerLook[]): string {
  const { environment } = containerOf(containers, "consumer");
  const { labels } = containerOf(containers, "connect");
  return environment["CONNECTOR_NAME"] ?? labels[CONNECTOR_LABEL] ?? "customer-cdc";
}
