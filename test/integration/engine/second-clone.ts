import { beforeAll, expect, test } from "@jest/globals";
import { runChild } from "../../../commands/processes/child";
import { clientsOf } from "../../support/stack/clients";
import { docker, type TestStack } from "../../support/stack";

const UP_MS = 240_000;

/** A second clone of the project, or the first after `git clean`: its state is empty, and the engine has the stack, which is up. */
export function secondClone(stack: TestStack): void {
  beforeAll(async () => {
    const { client } = await clientsOf(stack);
    await client.query("insert into public.customers (first_name) values ('kept')").finally(() => client.end());
  });

  function npm(command: "start" | "stop", ...args: string[]): Promise<string> {
    return runChild(process.execPath, ["toolchain/run.mjs", `commands/${command}.ts`, ...args], {
      env: { ...process.env, ...stack.environment },
    });
  }

  const ids = () => docker("ps", "--all", "--no-trunc", "--filter", `label=${stack.label}`, "--format", "{{.ID}}");

  test(
    "it says whose names they are, and changes nothing, however it is asked",
    async () => {
      await stack.forget();
      const before = await ids();
      const volumes = await stack.objects();
      const taken = new RegExp(
        `The names of the stack ${stack.prefix} are taken by container ${stack.prefix}-.*volume ${stack.prefix}-postgres-data.*` +
          "state knows nothing.*`npm start -- --take-over`.*`npm stop -- --remove`",
        "s",
      );
      await expect(stack.pulumi("preview")).rejects.toThrow(taken);
      await expect(stack.start()).rejects.toThrow(taken);
      // The state of a refused run is still a new one.
      await expect(stack.up()).rejects.toThrow(taken);
      await expect(npm("stop")).rejects.toThrow(/Still there, since this folder's state knows nothing of them/);
      expect(await ids()).toBe(before);
      expect(await stack.objects()).toEqual(volumes);
    },
    UP_MS,
  );

  test(
    "taken over: the rows are kept, and captured anew",
    async () => {
      expect(await npm("start", "--take-over")).toMatch(/delete {4}public\.customers .*john/);
      const { client, feed } = await clientsOf(stack);
      const { rows } = await client
        .query<{ first_name: string }>("select first_name from public.customers")
        .finally(() => client.end());
      expect(rows).toEqual([{ first_name: "kept" }]);
      const [first] = await feed.arrived(1, 0, "public.customers");
      expect([first!.op, first!.after!["first_name"]]).toEqual(["snapshot", "kept"]);
      // From then on, it is an ordinary stack.
      expect(await stack.pulumi("preview")).not.toMatch(/\d to (create|update|replace|delete)/);
      await expect(npm("start", "--take-over")).rejects.toThrow("there is nothing to take over");
    },
    2 * UP_MS,
  );

  test(
    "removed: nothing is left",
    async () => {
      await stack.forget();
      await npm("stop", "--remove");
      expect(await stack.objects()).toEqual([]);
    },
    UP_MS,
  );
}
