import type { Setting } from "../settings/setting-list";

/** Settings about plugins of Kafka Connect. `components/settings/setting-list.ts` has the others. */
export const PLUGIN_SETTINGS = {
  connectPlugins: {
    type: "string",
    default: "",
    shown: "none",
    description:
      "Further plugins of Kafka Connect, separated by commas - a folder, a jar, or group:artifact:version:packaging:classifier@sha256:…",
    details:
      "further plugins of Kafka Connect, separated by commas: folders, jars, or files from Maven with their SHA-256: [connector](connector.md#other-connectors)",
  },
  connectSecrets: {
    type: "object",
    default: "{}",
    details:
      "passwords for connectors beside the stack's own, by name: `pulumi config set --secret --path connectSecrets.shop-password …`; their configs say `${secrets:/kafka/secrets:shop-password}`: [connector](connector.md#other-connectors)",
  },
} as const satisfies Record<string, Setting>;
