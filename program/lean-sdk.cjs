// Loaded first (node --require) by Pulumi's Node processes: the program's and the dynamic providers'. Pulumi's SDK loads
// TypeScript's compiler, its automation API and a tracer when it starts. Only serialized functions, programs that run
// Pulumi and traced runs use them, and none of these is here: so they are loaded when something of them is first used.
// Without this file everything works, and a `pulumi up` takes 0.25 s of CPU more in the program and 0.2 s in the providers.
//
// It knows files of @pulumi/pulumi 3.276 by their names. test/program/sdk-load.test.ts fails where a newer SDK asks for
// these modules elsewhere, or no longer asks for them at its start.
const Module = require("node:module");
const path = require("node:path");

// The program is JavaScript when Pulumi gets it. `typescript: false` in Pulumi.yaml says so, but a language host of before 3.80
// asks its command line alone, which newer CLIs no longer use, and then has ts-node and the compiler loaded: 0.3 s of CPU.
process.env.PULUMI_NODEJS_TYPESCRIPT = "false";

const SDK = path.join("node_modules", "@pulumi", "pulumi") + path.sep;

/**
 * With this module each stack trace is read through the SDK's source maps. That takes a quarter of a millisecond for each promise of the program.
 * The maps name files that do not exist, such as `node_modules/@pulumi/resource.ts`. On such a name `util.inspect` with colours never ends in Node
 * 20.20.2 and 22.23.3 (nodejs/node#64011), and Pulumi prints the program's errors with it. A program whose CLI was killed before the program had
 * reached it then took a whole core and gigabytes of memory until somebody ended it.
 */
const STACK_TRACES = /^source-map-support\/register$/;

/**
 * Which file of the SDK asks, and for what. `esModule`: whether what it gets says that it is an ES module, which the SDK
 * looks at before it uses anything of it. `parts`: the file takes functions and classes out of it at once.
 */
const WAITING = [
  { file: "index.js", asks: /^\.\/automation$/, esModule: true },
  { file: "typescript-shim.js", asks: /^typescript$/ },
  { file: path.join("cmd", "run", "tracing.js"), asks: /^@opentelemetry\/(?!api$)/, parts: true },
  { file: path.join("runtime", "closure", "codePaths.js"), asks: /^normalize-package-data$/ },
  { file: path.join("cmd", "run", "index.js"), asks: STACK_TRACES },
  { file: path.join("cmd", "dynamic-provider", "index.js"), asks: STACK_TRACES },
];

const load = Module._load;
Module._load = function (request, parent, isMain) {
  const really = () => load.call(this, request, parent, isMain);
  const [, file] = parent?.filename?.split(SDK) ?? [];
  const how = file && WAITING.find((each) => each.file === file && each.asks.test(request));
  return how ? waiting(really, how) : really();
};

/** Stands for what `really` gives, and asks for that when it is first used. */
function waiting(really, { esModule = false, parts = false } = {}) {
  let loaded;
  const get = () => (loaded ??= really());
  // Its target is a function, so that it may be called and constructed.
  return new Proxy(function () {}, {
    get: (_, name) => {
      if (name === "__esModule") return esModule;
      return parts ? waiting(() => get()[name]) : get()[name];
    },
    has: (_, name) => name in get(),
    apply: (_, self, args) => Reflect.apply(get(), self, args),
    construct: (_, args) => Reflect.construct(get(), args),
  });
}
