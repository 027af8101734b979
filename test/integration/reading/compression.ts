import { expect, test } from "@jest/globals";
import { docker } from "../../support/stack";
import type { Rig } from "../consumer/rig";

const TABLE = "public.packed";
const CODECS = ["gzip", "snappy", "lz4", "zstd"] as const;

export function compression(rig: Rig): void {
  test.each(CODECS)(
    "changes that the connector's producer compressed with %s arrive",
    async (codec) => {
      const earlier = CODECS.indexOf(codec) * ROWS;
      await configure(rig, codec);
      // In one transaction, so that a batch has many records, some of them large.
      await rig.database.query(
        "insert into packed (codec, note) select $1, repeat(md5(n::text), 1 + n % 400) from generate_series(1, $2) n",
        [codec, ROWS],
      );

      const changes = await rig.until(TABLE, (held) => held.length >= earlier + ROWS);

      const { rows } = await rig.database.query<{ id: number; codec: string; note: string }>(
        "select id, codec, note from packed where codec = $1 order by id",
        [codec],
      );
      expect(changes.slice(earlier).map(({ after }) => after)).toEqual(rows);
      expect(await codecsOf(rig)).toContain(codec);
      await rig.healthy();
    },
    120_000,
  );
}

const ROWS = 200;

async function configure({ stack }: Rig, codec: string): Promise<void> {
  const key = `connectorConfig["producer.override.compression.type"]`;
  await stack.pulumi("config", "set", "--path", key, codec);
  await stack.up();
}

/** Codecs of the batches in the table's topic, from the broker's own file. */
async function codecsOf(rig: Rig): Promise<Set<string | undefined>> {
  const log = `/kafka/data/${rig.topicOf(TABLE)}-0/00000000000000000000.log`;
  const text = await docker("exec", rig.broker, "sh", "-c", `base64 -w 0 ${log}`);
  const bytes = Buffer.from(text, "base64");
  const found = new Set<string | undefined>();
  for (let at = 0; at < bytes.length; at += 12 + bytes.readInt32BE(at + 8)) {
    found.add([undefined, ...CODECS][bytes.readInt16BE(at + 21) & 7]);
  }
  return found;
}
