import { thisStack } from "../stack/this-stack";
import { captured, feedOf, type StackOutputs } from "../stack/stack-outputs";
import { liveConsumers, programOf } from "./consumers";
import { live } from "./live";
import { put } from "./put";

/** Makes each edit of the running stack's handler live, until Ctrl-C or SIGTERM. */
export async function watchHandler(outputs: StackOutputs): Promise<void> {
  const feedUrl = feedOf(outputs);
  const handler = (await captured(["config", "get", "handler"])).trim();
  const consumers = await liveConsumers(await thisStack(), feedUrl);
  console.log("");
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  const watching = await live({
    handler,
    running: () => programOf(consumers),
    // One after the other, so that the others go on meanwhile.
    put: async (program) => {
      for (const each of consumers) await put(program, each);
    },
    say: (line) => console.log(line),
  });
  await ended;
  await watching.close();
  console.log("\nThe last edit stays live; the next npm start makes an image of it.");
}
