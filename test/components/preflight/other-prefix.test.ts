import { expect, test } from "@jest/globals";
import { refuseOtherPrefix } from "../../../components/preflight/other-prefix";

const volumes = ["cdc-dev-postgres-data", "cdc-dev-kafka-2-data", "cdc-dev-consumer-state"];

test("a run that would make volumes of another name is refused, because it would remove those that hold the rows", () => {
  for (const prefix of ["cdc-two", "cdc", "cdc-de"])
    expect(() => refuseOtherPrefix({ volumes }, prefix)).toThrow(
      `The stack's volumes are called cdc-dev-…, and this run would make others called ${prefix}-… and remove cdc-dev-postgres-data, cdc-dev-kafka-2-data, ` +
        "cdc-dev-consumer-state, with all rows and records.",
    );
});

test("its own volumes, and a state without any, are no reason", () => {
  expect(() => refuseOtherPrefix({ volumes }, "cdc-dev")).not.toThrow();
  expect(() => refuseOtherPrefix({ volumes: [] }, "cdc-two")).not.toThrow();
});
