import { expect, test } from "@jest/globals";
import { isHealthy } from "../../../commands/look/finding";
import { findingsOf } from "../../../commands/look/findings";
import { isAhead } from "../../../commands/look/stack-look";
import { bad, connector, database, slot, stackLook } from "../../support/fakes/stack-look";

test("a connector that is stopped and has a task still has an offset to write: its slot was not moved by hand", () => {
  const status = { connector: { state: "STOPPED" }, tasks: [{ id: 0, state: "RUNNING" }] } as const;
  const look = stackLook({
    database: database(slot({ active: false, reader: "", confirmedBytes: 22779016 })),
    connectors: [connector({ status: { ...status, tasks: [...status.tasks] } })],
  });
  expect(bad(look)[0]).toMatch(/^customer-cdc: STOPPED/);
});

test("a position beyond the log's end is looked at again, as the log may have grown between the two answers", () => {
  const look = (endsBytes: number) =>
    stackLook({ database: { ...database(slot()), endsBytes }, connectors: [connector()] });
  const [behind, at] = [look(22778015), look(22778016)];
  expect([isAhead(behind.connectors, behind.database), isAhead(at.connectors, at.database)]).toEqual([true, false]);
});

test("a connector that reads rows once and no log has no slot, and that is nothing bad", () => {
  const once = connector();
  const look = stackLook({
    database: database(),
    connectors: [{ ...once, config: { ...once.config, "snapshot.mode": "initial_only" } }],
  });
  const found = findingsOf(look);
  expect(found.filter(({ part }) => part === "slot")).toEqual([
    expect.objectContaining({ mark: "note", text: expect.stringContaining("reads rows once, and no changes") }),
  ]);
  expect(isHealthy(found)).toBe(true);
});
