import { expect, test } from "@jest/globals";
import { findingsOf } from "../../../commands/look/findings";
import { connector, containers, bad, stackLook } from "../../support/fakes/stack-look";
import type { UpgradeLook } from "../../../commands/upgrade-postgres/upgrade-look";

const stopped = { state: "exited", exitCode: 0, endedAt: "2026-01-02T11:57:00Z" } as const;

/** A stack amid an upgrade: no server runs, and the connectors are stopped, one of the user's own too. */
function amid(upgrade: UpgradeLook, others: Partial<typeof stopped> = {}) {
  const status = { connector: { state: "STOPPED" }, tasks: [] };
  return {
    ...stackLook({
      containers: containers({ postgres: stopped, connect: others }),
      database: "its container is exited",
      connectors: [connector({ status }), connector({ name: "mine", status })],
    }),
    upgrade,
  };
}

test.each<[UpgradeLook, string]>([
  [{ state: "goes on", process: 4711 }, "process 4711): no server may be started until that has ended → undefined"],
  [
    { state: "goes on" },
    "container cdc-dev-postgres-upgrade): no server may be started until that has ended → undefined",
  ],
  [
    { state: "left" },
    "still runs in cdc-dev-postgres-upgrade: no server may be started beside it → npm run upgrade-postgres",
  ],
  [{ state: "ended", place: "between" }, "and a server would find none → npm run upgrade-postgres"],
  [{ state: "ended", place: "after" }, "do not know yet where its log begins → npm run upgrade-postgres"],
  [{ state: "ended", place: undefined }, "and no server may be started → npm run upgrade-postgres"],
])("%j is the cause, and nothing is advised that starts the server or lets a connector go on", (upgrade, said) => {
  const look = amid(upgrade);
  expect(bad(look)).toEqual([
    expect.stringMatching(/^cdc-dev-postgres: (the database is being upgraded|an upgrade was )/),
  ]);
  expect(bad(look)[0]).toContain(said);
  const [, ...others] = findingsOf(look);
  expect(others.flatMap(({ remedy }) => remedy ?? [])).toEqual([]);
  expect(others.find(({ part }) => part === "postgres")?.mark).toBe("follows");
});

test("another container's own trouble keeps the remedy that the upgrade does not mind", () => {
  expect(bad(amid({ state: "ended", place: "between" }, stopped)).slice(1)).toEqual([
    "connect: stopped 3 min ago, exit code 0 → docker start cdc-dev-connect",
  ]);
});
