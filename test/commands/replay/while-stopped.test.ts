import { expect, jest, test } from "@jest/globals";

const NAMES = ["cdc-dev-consumer", "cdc-dev-consumer-2"];

/** Each test has its own module: it remembers a signal. */
async function fresh() {
  jest.resetModules();
  return (await import("../../../commands/replay/while-stopped")).whileStopped;
}

const asked: string[] = [];
const ask = async (args: string[]): Promise<string> => (asked.push(args.join(" ")), "");

test("all consumers are stopped, and started again after the work", async () => {
  asked.length = 0;
  await (
    await fresh()
  )(NAMES, async () => void asked.push("work"), ask);
  expect(asked).toEqual([`stop ${NAMES.join(" ")}`, "work", `start ${NAMES.join(" ")}`]);
});

test("also after work that fails", async () => {
  asked.length = 0;
  const fails = () => Promise.reject(new Error("no"));
  await expect((await fresh())(NAMES, fails, ask)).rejects.toThrow("no");
  expect(asked.at(-1)).toBe(`start ${NAMES.join(" ")}`);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s leaves no consumer stopped, nor does it begin the work",
  async (signal) => {
    asked.length = 0;
    const said = jest.spyOn(console, "error").mockImplementation(() => undefined);
    const interrupted = async (args: string[]): Promise<string> => {
      await ask(args);
      // The terminal ends Docker's client as well.
      if (asked.length > 1) return "";
      process.emit(signal, signal);
      throw new Error("interrupted");
    };
    await (
      await fresh()
    )(NAMES, async () => void asked.push("work"), interrupted);
    const [stop, start] = ["stop", "start"].map((what) => `${what} ${NAMES.join(" ")}`);
    expect(asked).toEqual([stop, stop, start]);
    expect(said).toHaveBeenCalledWith(`${signal}: the consumer is started again before the end.`);
    said.mockRestore();
  },
);
