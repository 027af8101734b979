// The manifest of the package that `npm run package` makes.

/** What can be imported, and the module that it is. */
const ENTRIES = {
  "./connector": "components/connector/index",
  "./capture": "components/capture/index",
  "./pipeline": "library/pipeline",
  "./handler": "library/handler",
};
/** What the providers ask for when they run. */
const NEEDED = ["axios", "kafkajs", "pg"];
/** What only a Pipeline needs: its plugins, and what its consumer is bundled from. */
const FOR_PIPELINES = ["@pulumi/docker", "@pulumi/kafka", "esbuild", "fzstd", "prom-client", "uplot"];

/** Pure: the package's own manifest. @param project this project's */
export function manifest(project) {
  const version = (name) => project.dependencies[name];
  const versions = (names) => Object.fromEntries(names.map((name) => [name, version(name)]));
  const files = (ending) => Object.entries(ENTRIES).map(([name, module]) => [name, `./lib/${module}${ending}`]);
  const types = Object.fromEntries(files(".d.ts"));
  return {
    name: project.name,
    version: project.version,
    description: "Debezium connectors, Postgres captures and the whole pipeline as Pulumi resources",
    license: project.license,
    engines: project.engines,
    exports: {
      ...Object.fromEntries(files(".js").map(([name, file]) => [name, { types: types[name], default: file }])),
      "./package.json": "./package.json",
    },
    // For compilers that look for files only, as Pulumi's templates set them up.
    typesVersions: { "*": Object.fromEntries(files(".d.ts").map(([name, file]) => [name.slice(2), [file]])) },
    dependencies: versions(NEEDED),
    // One SDK in a program: the engine knows the resources of one.
    peerDependencies: { "@pulumi/pulumi": `^${version("@pulumi/pulumi")}`, ...versions(FOR_PIPELINES) },
    peerDependenciesMeta: Object.fromEntries(FOR_PIPELINES.map((name) => [name, { optional: true }])),
  };
}
