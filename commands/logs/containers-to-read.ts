/** Which containers `npm run logs` reads, and what it says of the others. */
import { type ContainerLook, type Service, SERVICES } from "../look/containers-look";

export interface ContainersToRead {
  there: ContainerLook[];
  notices: string[];
}

/**
 * Pure.
 *
 * @param services names of services, and names of single containers
 * @throws Error where one that was named, or all of them, cannot be read
 */
export function containersToRead(
  prefix: string,
  containers: readonly ContainerLook[],
  services: readonly string[],
): ContainersToRead {
  const wanted = containers.filter(({ service, role }) => services.includes(service) || services.includes(role));
  const there = wanted.filter(({ state }) => state !== "missing" && state !== "elsewhere");
  const theirs = wanted.filter(({ state }) => state === "elsewhere");
  if (services.length < SERVICES.length) {
    // In the order of the options, so that the error names the first one that does not exist.
    const unknown = services.find((name) => !containers.some(({ service, role }) => [service, role].includes(name)));
    if (unknown !== undefined) {
      const why = unknown === "zookeeper" ? ": its broker keeps its metadata itself (cdc:coordination kraft)" : "";
      throw new Error(`The stack ${prefix} has no ${unknown}${why}.`);
    }
    if (theirs.length > 0) throw new Error(`${somebodyElses(theirs[0]!)}.`);
  }
  if (there.length === 0)
    throw new Error(`There is no container of the stack ${prefix} to read from. Start it with \`npm start\`.`);
  return {
    there,
    notices: [
      ...wanted.filter(({ state }) => state === "missing").map(({ name }) => `There is no container ${name}`),
      // Whether somebody else's broker has a ZooKeeper is not known.
      ...theirs.filter(({ service }) => service !== "zookeeper").map(somebodyElses),
    ],
  };
}

const SETTINGS: Partial<Record<Service, string>> = {
  postgres: "databaseUrl",
  zookeeper: "bootstrapServers",
  kafka: "bootstrapServers",
  connect: "connectUrl",
};

function somebodyElses({ service }: ContainerLook): string {
  return `The ${service} of this stack is somebody else's (cdc:${SETTINGS[service]}): its log is where they run it`;
}
