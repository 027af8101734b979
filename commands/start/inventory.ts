/** Lists what the Docker engine has, with as few commands as possible. */
import { STACK_LABEL } from "../../components/container/labels";
import { docker } from "../processes/docker";

/** A container as the engine has it. */
export interface FoundContainer {
  name: string;
  /** The engine's word for its state: `running`, `paused`, `exited` … */
  state: string;
  /** Names of its networks. */
  networks: readonly string[];
}

/** The engine's containers, networks, volumes and images. */
export interface Inventory {
  /** Containers by id. */
  containers: ReadonlyMap<string, FoundContainer>;
  networkIds: ReadonlySet<string>;
  volumeNames: ReadonlySet<string>;
  /** Volumes without a stack's label. The engine makes such a volume, empty, when a container is started whose volume is gone; others are copies that people have made. */
  strayVolumes: ReadonlySet<string>;
  /** Names of images, with tags. */
  imageNames: ReadonlySet<string>;
  /** Ids of the containers and networks with a stack's label, by name. */
  labelled: ReadonlyMap<string, string>;
}

/** Lists the engine's objects. */
export async function inventory(): Promise<Inventory> {
  const stack = `{{.Label "${STACK_LABEL}"}}`;
  const [containers, networks, volumes, images] = await Promise.all([
    docker("ps", "--all", "--no-trunc", "--format", `{{.ID}} {{.State}} {{.Networks}} {{.Names}} ${stack}`),
    docker("network", "ls", "--no-trunc", "--format", `{{.ID}} {{.Name}} ${stack}`),
    docker("volume", "ls", "--format", `{{.Name}} ${stack}`),
    docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}"),
  ]);
  const wordsOf = (text: string) => text.split("\n").map((line) => line.split(" "));
  const [ofContainers, ofNetworks, ofVolumes] = [wordsOf(containers), wordsOf(networks), wordsOf(volumes)];
  const named = [...ofContainers.map(([id, , , ...rest]) => [id, ...rest]), ...ofNetworks].filter(
    ([, , label]) => label,
  );
  return {
    containers: new Map(
      ofContainers.map(([id = "", state = "", networks = "", name = ""]) => [
        id,
        { name, state, networks: networks.split(",") },
      ]),
    ),
    networkIds: new Set(ofNetworks.map(([id = ""]) => id)),
    labelled: new Map(named.map(([id = "", name = ""]) => [name, id])),
    volumeNames: new Set(ofVolumes.map(([name = ""]) => name)),
    strayVolumes: new Set(ofVolumes.filter(([, label]) => !label).map(([name = ""]) => name)),
    imageNames: new Set(images.split("\n")),
  };
}
