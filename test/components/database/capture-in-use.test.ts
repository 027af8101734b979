import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { Client } from "pg";
import { captureProvider } from "../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../components/capture/capture-types";
import { examineMarked } from "../../../components/database/examine-database";
import { inUseText } from "../../../components/database/capture-in-use";
import { clientOptions } from "../../../components/database/client";
import { takeOverWay } from "../../../components/preflight/take-over-way";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";
import { INPUTS } from "../capture/database";

/** A capture of a stack of the same name, in a database that two clones share. */
let server: EmbeddedPostgres;
let inputs: CaptureInputs;
let said: jest.SpiedFunction<typeof pulumi.log.warn>;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE TABLE public.customers (id int PRIMARY KEY)");
  const { port, user, password, database } = server.at();
  inputs = { ...INPUTS, port, adminUser: user, adminPassword: password!, database };
});
afterAll(() => server.stop());
beforeEach(() => {
  said = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const answer = (isTaken = false): Promise<string | undefined> =>
  examineMarked("here", inputs, "cdc-dev", isTaken ? { CDC_TAKE_OVER: "cdc-dev" } : {}).then(
    () => undefined,
    ({ message }: Error) => message,
  );

test("a stack whose state has no capture leaves one of the same name alone while it is used", async () => {
  expect(await answer()).toBeUndefined();
  expect(said).not.toHaveBeenCalled();
  await captureProvider.create(inputs);
  // Nobody uses it, as where the state was lost with the containers.
  expect(await answer()).toBeUndefined();
  expect(said.mock.calls.flat().join()).toContain("The capture of cdc-dev/capture in");

  const reader = new Client({
    ...clientOptions({ ...server.at(), user: inputs.role, password: inputs.rolePassword }),
    application_name: "Debezium General",
  });
  await reader.connect();
  const refused = await answer();
  expect(refused).toContain("is at work: role debezium is logged in (Debezium General). This folder's state knows");
  expect(refused).toContain("`pulumi stack init NAME`");
  expect(refused).toContain("`npm start -- --take-over`");
  expect(await answer(true)).toBeUndefined();
  // Another stack's name has another mark: its names are looked at elsewhere.
  inputs = { ...inputs, owner: "cdc-other/capture" };
  expect(await answer()).toBeUndefined();
  inputs = { ...inputs, owner: "cdc-dev/capture" };
  // A program of somebody's own has the resource alone.
  await expect(captureProvider.create(inputs)).rejects.toThrow(
    "is at work: role debezium is logged in (Debezium General). This stack's state knows nothing of it",
  );
  const { outs } = await captureProvider.create({ ...inputs, takeOver: true });
  await captureProvider.update!("debezium", outs as CaptureOutputs, inputs);
  await reader.end();
  await captureProvider.create(inputs);
});

test("so does one whose slot is read, by whatever role", () => {
  const way = takeOverWay("cdc-dev");
  expect(inUseText(inputs, { read: true, programs: [] }, way)).toContain("is at work: slot cdc_dev is being read.");
  expect(inUseText(inputs, { read: false, programs: [] }, way)).toBeUndefined();
});

test("the way to take it over is that of the program which runs", () => {
  const text = inUseText(inputs, { read: true, programs: [] }, takeOverWay("cdc-dev", true));
  expect(text).toContain("and nobody else's: `CDC_TAKE_OVER=cdc-dev pulumi up`, or end its connector");
});
