import * as pulumi from "@pulumi/pulumi";
import { IMAGE_LABEL, STACK_LABEL } from "../container/labels";
import { docker } from "../engine";
import { engineRemedy } from "./engine-choice";

/** A container, running or not, and the ports it holds on this machine. */
export interface ListedContainer {
  name: string;
  /** The prefix of its stack; empty where it belongs to none. */
  stack: string;
  ports: number[];
  /** Whole, as Pulumi's state has it. */
  id: string;
  /** `name@id` of the image that a setting named when it was made. @default it was built here */
  image?: string;
}

/** A volume or a network. */
export type ListedObject = Pick<ListedContainer, "name" | "stack">;

/** Lists of what the engine has. Each is asked for once, when it is first needed: a docker command is 30 ms of CPU. */
export class EngineLists {
  private readonly asked = new Map<string, Promise<string>>();

  async containers(): Promise<ListedContainer[]> {
    return parseContainerList(await this.list("ps", "--all", "--no-trunc", "--format", CONTAINER));
  }

  async volumes(): Promise<ListedObject[]> {
    return parseObjects(await this.list("volume", "ls", "--format", FORMAT("Name")));
  }

  async networks(): Promise<ListedObject[]> {
    return parseObjects(await this.list("network", "ls", "--format", FORMAT("Name")));
  }

  /** Names with tag of the images. */
  async images(): Promise<ReadonlySet<string>> {
    return new Set((await this.list("images", "--format", "{{.Repository}}:{{.Tag}}")).split("\n"));
  }

  private list(...args: string[]): Promise<string> {
    const key = args.join(" ");
    const text = this.asked.get(key) ?? ask(args);
    this.asked.set(key, text);
    return text;
  }
}

const FORMAT = (name: string) => `{{.${name}}}\t{{.Label "${STACK_LABEL}"}}`;

const CONTAINER = `${FORMAT("Names")}\t{{.Ports}}\t{{.ID}}\t{{.Label "${IMAGE_LABEL}"}}`;

async function ask(args: string[]): Promise<string> {
  try {
    return await docker(args, 20_000);
  } catch (error) {
    throw new pulumi.RunError(
      `The Docker engine does not answer (${(error as Error).message}). ${engineRemedy((error as Error).message, process.env)}`,
    );
  }
}

/** Pure: `docker ps`'s lines, as in `cdc-dev-kafka<TAB>cdc-dev<TAB>127.0.0.1:29092->29092/tcp<TAB>0a1b…<TAB>`. */
export function parseContainerList(text: string): ListedContainer[] {
  return rows(text).map(([name = "", stack = "", ports = "", id = "", image = ""]) => ({
    name,
    stack,
    id,
    ...(image !== "" && { image }),
    ports: [...ports.matchAll(/:(\d+)->/g)].map((match) => Number(match[1])),
  }));
}

function parseObjects(text: string): ListedObject[] {
  return rows(text).map(([name = "", stack = ""]) => ({ name, stack }));
}

function rows(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));
}
