import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { contentHash } from "../../../components/images/images";
import { buildImage } from "../stack/build-image";

const FOLDER = "images/kafka";
/** The image of the stacks. */
const OURS = `cdc/kafka:${contentHash(FOLDER)}`;
/** Where the project's image begins to alter what Maven brought. */
const ALTERED = "\nCOPY ${COORDINATION}/libraries.txt /build/";

/** The image of a worker that somebody else runs. */
export const STOCK = {
  /** Kafka's own jars, and the extension for basic authentication. Neither `cdc.jar` nor anything of Debezium. */
  classPath: "/kafka/libs/*:/stock/libs/*",
  /** Debezium's archive as it is published. */
  pluginPath: "/stock/plugins",
} as const;

/** Builds the image. The build reuses the layer with Maven's jars from the project's image. @returns its name */
export async function stockConnectImage(): Promise<string> {
  await buildImage(OURS, [FOLDER]);
  const [brought, altered] = readFileSync(`${FOLDER}/Dockerfile`, "utf8").split(ALTERED);
  if (altered === undefined) throw new Error(`${FOLDER}/Dockerfile has no line that begins with "${ALTERED.trim()}"`);
  const dockerfile = `${brought}
RUN mvn --batch-mode --no-transfer-progress org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \\
      -Dartifact=org.apache.kafka:connect-basic-auth-extension:3.9.1 -DoutputDirectory=/build/stock
FROM ${OURS}
COPY --from=builder /build/target/connect ${STOCK.pluginPath}
COPY --from=builder /build/stock /stock/libs
`;
  const tag = createHash("sha256").update(dockerfile).digest("hex").slice(0, 12);
  const name = `cdc/test-stock-connect:${tag}`;
  await buildImage(name, ["--file", "-", FOLDER], dockerfile);
  return name;
}
