import { describe, expect, test } from "@jest/globals";
import { readBuildLog } from "../../../components/images/build-log";
import { failureText } from "../../../components/images/build-progress";

const BEGIN = `#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 180B done
#1 DONE 0.0s

#4 [1/3] FROM docker.io/library/debian:12
#4 CACHED

#5 [2/3] RUN apt-get install --yes foo
#5 0.228 Reading package lists...
#5 1.103 Building dependency tree...
`;

describe("BuildKit's plain progress", () => {
  test("a build that goes on: its steps, and what was written last", () => {
    expect(readBuildLog(BEGIN)).toEqual({
      steps: ["[1/3] FROM docker.io/library/debian:12", "[2/3] RUN apt-get install --yes foo"],
      last: "Building dependency tree...",
    });
  });

  test("steps beside each other take turns, and are counted once", () => {
    const { steps, last } = readBuildLog(
      `${BEGIN}#5 ...\n\n#6 [java 1/2] RUN mvn\n#6 0.1 one\n\n#5 [2/3] RUN apt-get\n#5 2.0 two\n`,
    );
    expect(steps.slice(1)).toEqual(["[2/3] RUN apt-get install --yes foo", "[java 1/2] RUN mvn"]);
    expect(last).toBe("two");
  });

  test("one that fails: the step and its last 20 lines", () => {
    const lines = Array.from({ length: 30 }, (_, at) => `#5 2.${at} line ${at}\n`).join("");
    const { failed } = readBuildLog(
      `${BEGIN}${lines}#5 ERROR: executor failed running [/bin/sh -c apt-get]: exit code: 100\n#6 ERROR: canceled\n------\n`,
    );
    expect(failed?.step).toBe("[2/3] RUN apt-get install --yes foo");
    expect(failed?.output).toEqual(Array.from({ length: 20 }, (_, at) => `line ${at + 10}`));
  });

  test("one that fails without any output, or before its first step, has BuildKit's own words", () => {
    const said = "#3 [internal] load metadata for docker.io/library/debian:12\n#3 ERROR: no such host\n";
    expect(readBuildLog(said).failed).toEqual({
      step: "[internal] load metadata for docker.io/library/debian:12",
      output: ["no such host"],
    });
  });

  test("what a person reads of it", () => {
    const step = { step: `[2/3] RUN ${"x".repeat(200)}`, output: ["one", "two"] };
    expect(failureText("cdc/kafka (images/kafka)", step, "dist/builds/a.log")).toBe(
      `the build of cdc/kafka (images/kafka) failed at [2/3] RUN ${"x".repeat(89)}…\none\ntwo\nAll of its output is in dist/builds/a.log.`,
    );
  });
});
