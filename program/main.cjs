// What Pulumi runs: index.ts, bundled. Pulumi's own ts-node takes a second for the same.
const { runBundled } = require("./run-bundled.cjs");

// With the engine killed nobody reads what is written, and Pulumi's handler of that very error writes again, for ever.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", ({ code }) => code === "EPIPE" && process.exit(1));
}

// An engine that has failed shuts its resource monitor down while the program still tells it what it has made. The SDK
// names that error, but its handlers would report it as the program's own, a page of it below the real reason.
const MONITOR_IS_GONE = "Resource monitor is terminating";
const EXIT_CODE_OF_WHAT_IS_REPORTED = 32;
for (const event of ["uncaughtException", "unhandledRejection"]) {
  for (const handler of process.listeners(event)) {
    process.off(event, handler);
    process.on(event, (error, origin) => {
      if (error?.message !== MONITOR_IS_GONE) return handler(error, origin);
      process.exitCode = EXIT_CODE_OF_WHAT_IS_REPORTED;
    });
  }
}

// Pulumi keeps the stack trace of each promise, and source-map-support makes each a quarter of a millisecond's work. The
// program that runs here has no source map.
Error.prepareStackTrace = undefined;

module.exports = runBundled("program", "index.ts", module);
