import { expect, test } from "@jest/globals";
import { pause, unpause } from "../../../commands/chaos/tools/pause";
import type { StatusJson } from "../../../consumer/api";
import { logs } from "../../support/stack";
import type { Rig } from "../consumer/rig";

/** Checks what `/healthz` and `/status` say when another part than the consumer fails. */
export function well(rig: Rig): void {
  test("a database that hangs behind its open port is down, and asking it leaves no trace in its log", async () => {
    const postgres = `${rig.stack.prefix}-postgres`;
    await rig.status("all up", (status) => states(status) === "up up up up");
    await pause(postgres);
    try {
      const { database } = await rig.status("the database down", (status) => status.database.state === "down");
      expect(database.detail).toBe("postgres:5432: no answer in 1000 ms");
      await rig.healthy();
    } finally {
      await unpause(postgres);
    }
    await rig.status("the database up again", (status) => status.database.state === "up");
    expect(await logs(postgres)).not.toContain("cdc_status");
  }, 60_000);

  test("a broker that hangs is down", async () => {
    await pause(rig.broker);
    try {
      const { broker } = await rig.status("the broker down", (status) => status.broker.state === "down");
      expect(broker.detail).toBe("kafka:9092: no answer in 1000 ms");
    } finally {
      await unpause(rig.broker);
    }
    await rig.healthy();
  }, 60_000);
}

function states({ database, connector, broker, consumer }: StatusJson): string {
  return [database, connector, broker, consumer].map(({ state }) => state).join(" ");
}
