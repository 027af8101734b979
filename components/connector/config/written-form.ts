/** In what form the connector's records are written: what an `up` writes beside them, or reads of them, has to have the same. */
import type { ConfigValue } from "../connector-types";

type Config = Readonly<Record<string, ConfigValue>>;

/** Classes that write JSON and nothing around it, by their names and by the short ones that Kafka Connect takes for them. */
const JSON_CONVERTERS = [
  ...["org.apache.kafka.connect.json.JsonConverter", "JsonConverter", "Json"],
  ...["cdc.StreamingJsonConverter", "StreamingJsonConverter", "StreamingJson"],
];

/** Pure: the class that writes values in another form than JSON, or may; undefined: JSON is written, or the worker's own converter decides. */
export function otherConverter(config: Config): string | undefined {
  const named = String(config["value.converter"] ?? "").trim();
  return named === "" || JSON_CONVERTERS.includes(named) ? undefined : named;
}

/** Pure: why a record of the stack's own would not look like the connector's; undefined: those are plain JSON. */
export function whyNotPlain(config: Config): string | undefined {
  const other = otherConverter(config);
  if (other !== undefined) return `their values are written by ${other}, and not as JSON`;
  if (config["transforms"]) return "transforms decide what its records look like";
  if (config["value.converter"] === undefined) return "the worker's own converter decides what its records look like";
  return String(config["value.converter.schemas.enable"]) === "false"
    ? undefined
    : "its records have a schema beside them";
}
