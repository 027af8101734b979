import type { CaptureByHand } from "./capture-by-hand";
import type { Declared } from "./model";
import type { Images } from "./stock-compose";

/** Pure: what contestants need to know of the program's resources. */

export interface DeclaredTopic {
  name: string;
  partitions: number;
  replicationFactor: number;
  config: Record<string, string>;
}

function only(declared: readonly Declared[], what: (resource: Declared) => boolean, name: string): Declared {
  const found = declared.filter(what);
  if (found.length !== 1) throw new Error(`the program declares ${found.length} of ${name}; the benchmark expects one`);
  return found[0]!;
}

/** Names of the three images. Their tags depend on the folders' content. */
export function imagesOf(declared: readonly Declared[]): Images {
  const image = (what: string, repository: RegExp): string => {
    const isIt = ({ inputs }: Declared): boolean => repository.test(String(inputs["name"]));
    return String(only(declared, isIt, `the image of ${what}`).inputs["name"]);
  };
  return {
    // Kafka without ZooKeeper has another image.
    kafka: image("Kafka", /^cdc\/kafka(-kraft)?:/),
    postgres: image("Postgres", /^cdc\/postgres:/),
    consumer: image("the consumer", /^cdc\/consumer:/),
  };
}

export function consumerEnvironment(declared: readonly Declared[]): Record<string, string> {
  const { inputs } = only(declared, (one) => one.name === "cdc-consumer-container", "cdc-consumer-container");
  const pairs = (inputs["envs"] as string[]).map((text) => [
    text.slice(0, text.indexOf("=")),
    text.slice(text.indexOf("=") + 1),
  ]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

export function topicsOf(declared: readonly Declared[]): DeclaredTopic[] {
  return declared
    .filter(({ type }) => type === "kafka:index/topic:Topic")
    .map(({ inputs }) => inputs as unknown as DeclaredTopic);
}

export function captureOf(declared: readonly Declared[]): CaptureByHand {
  return only(declared, ({ type }) => type.endsWith("postgres:Capture"), "Capture").inputs as unknown as CaptureByHand;
}

export function connectorOf(declared: readonly Declared[]): {
  name: string;
  config: Record<string, string>;
  token: string;
} {
  const { inputs } = only(declared, ({ type }) => type.endsWith("debezium:Connector"), "Connector");
  const config = Object.entries(inputs["config"] as Record<string, unknown>).map(([key, value]) => [
    key,
    String(value),
  ]);
  return {
    name: String(inputs["connectorName"]),
    config: Object.fromEntries(config) as Record<string, string>,
    token: String(inputs["connectToken"]),
  };
}
