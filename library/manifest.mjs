// Makes the manifest of the package that `npm run package` makes.

/** Names that can be imported, and their modules. */
const ENTRIES = {
  "./connector": "components/connector/index",
  "./capture": "components/capture/index",
  "./pipeline": "library/pipeline",
  "./handler": "library/handler",
};
/** Packages that the providers require when they run. */
const NEEDED = ["axios", "kafkajs", "pg"];
/** Packages that only a Pipeline needs: for its plugins, and for the bundle of its consumer. */
const FOR_PIPELINES = ["@pulumi/docker", "@pulumi/kafka", "esbuild", "fzstd", "prom-client", "uplot"];

/** Pure: the manifest of the package. @param project this project's manifest */
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
    // For compilers that look only for files, as those of Pulumi's templates do.
    typesVersions: { "*": Object.fromEntries(files(".d.ts").map(([name, file]) => [name.slice(2), [file]])) },
    dependencies: versions(NEEDED),
    // A program must have only one SDK: the engine knows the resources of one.
    peerDependencies: { "@pulumi/pulumi": `^${version("@pulumi/pulumi")}`, ...versions(FOR_PIPELINES) },
    peerDependenciesMeta: Object.fromEntries(FOR_PIPELINES.map((name) => [name, { optional: true }])),
  };
}
