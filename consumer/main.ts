/** Puts the parts together and connects them to the process: environment, standard output, signals, exit code. */
import { dirname } from "node:path";
import { type Config, readConfig } from "./config";
import { type Exported, startHandler } from "./delivery/handler-life";
import type { Stream } from "./kafka/stream";
import { errorText } from "./log";
import { createDelivery, createPoison, startDelivery } from "./process/delivered";
import { ProcessEndings } from "./process/process-endings";
import { beginToTell, createObserved } from "./process/observed";
import { serve } from "./process/served";
import { createShared } from "./process/shared";
import { beginToWatch, createWatched } from "./process/watched";

function start(config: Config, exported: Exported): void {
  const shared = createShared(config);
  const observed = createObserved(shared);
  const watched = createWatched(shared);
  const delivery = createDelivery(shared, observed, watched);
  const poison = createPoison(shared);
  const endings = new ProcessEndings(shared.log, poison);

  serve(shared, observed, watched, endings.die);
  beginToWatch(shared, watched);
  beginToTell(observed);

  observed.membership.lost("setting up the handler");
  let stream: Stream | undefined;
  const life = startHandler(exported, {
    log: shared.log,
    begin: (callee) => (stream = startDelivery(callee, shared, observed, { delivery, poison, giveUp: endings.giveUp })),
    failed: (error) => endings.giveUp(error.message),
  });
  endings.onUncaught(() => stream);
  endings.onSignal(life, observed.feed);
}

/** Runs the whole process until a signal stops it. */
export function run(exported: Exported): void {
  try {
    start(readConfig(process.env, dirname(process.argv[1] ?? ".")), exported);
  } catch (error) {
    console.error(errorText(error));
    process.exit(1);
  }
}
