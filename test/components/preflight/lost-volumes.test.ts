import { beforeEach, expect, jest, test } from "@jest/globals";
import { lostText, rejectLostVolumes } from "../../../components/preflight/lost-volumes";

const VOLUMES = ["s-postgres-data", "s-kafka-data", "s-zookeeper-data", "s-consumer-state"];
const asked: string[][] = [];
let answer: string | Error = "";
jest.mock("../../../components/engine", () => ({
  docker: (args: string[]) => {
    asked.push(args);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  },
}));
const listed = (names: string[]) => names.map((name) => `${name}\ts`).join("\n");
beforeEach(() => {
  asked.length = 0;
  answer = listed([...VOLUMES, "other-kafka-data"]);
});

test("a stack with all its volumes passes, and one without any asks nothing", async () => {
  await rejectLostVolumes({ volumes: VOLUMES });
  expect(asked).toHaveLength(1);
  await rejectLostVolumes({ volumes: [] });
  expect(asked).toHaveLength(1);
});

test("the broker's volume gone, while the database's slot is kept, is refused by name with the way out", async () => {
  answer = listed(VOLUMES.filter((name) => name !== "s-kafka-data"));
  await expect(rejectLostVolumes({ volumes: VOLUMES })).rejects.toThrow(
    "s-kafka-data is a Docker volume of this stack that the engine has no more, and Pulumi's state knows nothing of that. " +
      "`npm start` makes anew what was lost, and the parts that need it, and reads the tables again. Nothing was changed.",
  );
});

test("one without a label is not said to be gone, and `npm stop`, which would delete a copy, is not advised", async () => {
  answer = `${listed(VOLUMES.slice(1))}\ns-postgres-data`;
  await expect(rejectLostVolumes({ volumes: VOLUMES })).rejects.toThrow(
    "The engine has s-postgres-data without this stack's label: empty, in place of what was lost, or a copy that somebody has put " +
      "there. `npm start` makes anew what was lost, and removes no copy. Nothing was changed.",
  );
});

test("an engine that does not answer is reported elsewhere", async () => {
  answer = new Error("no engine");
  await expect(rejectLostVolumes({ volumes: VOLUMES })).resolves.toBeUndefined();
});

test("the database's volume gone alone: the topics are the last of its rows, and go when somebody says so", () => {
  expect(lostText(["s-postgres-data"], 4)).toMatch(/the database was in it.*still there.*`npm stop` takes them away/);
  expect(lostText(VOLUMES, 4)).toMatch(/^s-postgres-data, s-kafka-data.* are Docker volumes.*`npm start` makes anew/);
});
