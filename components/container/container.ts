import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { containerLabels, STACK_LABEL } from "./labels";

/**
 * What all containers of the stack need to know of it. A component is registered when its inputs are there, and its volume
 * after it; so the network and the image, which come later, are its containers' inputs alone.
 */
export interface StackArgs {
  /** `<project>-<stack>`: what the names of Docker objects start with. */
  prefix: pulumi.Input<string>;
  /** Name of the Docker network that the containers share. */
  network: pulumi.Input<string>;
}

export interface ContainerArgs extends Omit<Partial<docker.ContainerArgs>, "ports" | "labels" | "volumes" | "uploads"> {
  stack: StackArgs;
  /** Name within the network, and last part of the container's own. */
  role: string;
  /** Further names within the network. @default none */
  aliases?: string[];
  image: pulumi.Input<string>;
  /** Memory limit in MiB, swap included: what exceeds it is killed, so it is above what was measured. */
  memoryMb: number;
  /** Labels beside those that all containers of the stack bear. @default none */
  labels?: Record<string, string>;
  /** Files that it gets before it starts. @default none */
  uploads?: docker.types.input.ContainerUpload[];
  /** What it mounts. @default none */
  volumes?: docker.types.input.ContainerVolume[];
  /** Container port to port on 127.0.0.1. @default none */
  publish?: Record<number, pulumi.Input<number>>;
  /** Shell command that answers whether it serves; shown by `docker ps`, waited for by nothing. @default the image's own */
  healthy?: string;
}

/** What a volume or a network of the stack is known by. */
export function stackLabels(prefix: pulumi.Input<string>): { label: string; value: pulumi.Input<string> }[] {
  return [{ label: STACK_LABEL, value: prefix }];
}

/**
 * A container's arguments with what all of them share: no rights, bounded logs, memory and processes, ports on loopback only, and a
 * root file system that is read-only where no file is uploaded into it.
 */
export function containerArgs(args: ContainerArgs): docker.ContainerArgs {
  const { stack, role, aliases = [], memoryMb, labels = {}, publish = {}, ...more } = args;
  const { volumes = [], uploads = [], healthy, ...rest } = more;
  return {
    name: nameOf(stack.prefix, role),
    hostname: role,
    networksAdvanced: [{ name: stack.network, aliases: [role, ...aliases] }],
    ports: Object.entries(publish).map(([internal, external]) => ({
      internal: Number(internal),
      external,
      ip: "127.0.0.1",
    })),
    ...(healthy !== undefined && {
      healthcheck: { tests: ["CMD-SHELL", healthy], interval: "30s", timeout: "5s", retries: 3, startPeriod: "30s" },
    }),
    restart: "unless-stopped",
    // Costs the engine less than JSON files do, and each change is a line of the consumer.
    logDriver: "local",
    logOpts: { "max-size": "10m", "max-file": "3", compress: "false" },
    memory: memoryMb,
    // Without it the engine doubles the limit, and every preview shows a difference.
    memorySwap: memoryMb,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges"],
    // Pulumi's plugin puts files into a container by its root, which the engine refuses where that is read-only.
    readOnly: uploads.length === 0,
    // The plugin knows no limit for one container. This one is its user's, whom other stacks' containers share: a bound for a
    // program that makes processes without end, far above what is in use.
    ulimits: [{ name: "nproc", soft: MAX_PROCESSES, hard: MAX_PROCESSES }],
    uploads,
    volumes,
    init: true,
    labels: pulumi
      .output(stack.prefix)
      .apply((prefix) =>
        Object.entries({ ...containerLabels(prefix, role), ...labels }).map(([label, value]) => ({ label, value })),
      ),
    ...rest,
  };
}

const MAX_PROCESSES = 8192;

/** A named volume of the stack. @param labels beside those that all have; with other ones it is made anew */
export function volumeArgs(
  prefix: pulumi.Input<string>,
  role: string,
  labels: Record<string, string> = {},
): docker.VolumeArgs {
  const further = Object.entries(labels).map(([label, value]) => ({ label, value }));
  return { name: nameOf(prefix, role), labels: [...stackLabels(prefix), ...further] };
}

/**
 * A volume that is there already, and was taken over, may have a disk of its own. The plugin reads its options into the state, and would have
 * the volume made anew because they are not declared.
 */
export function volumeOptions(parent: pulumi.Resource): pulumi.CustomResourceOptions {
  return { parent, ignoreChanges: ["driver", "driverOpts"] };
}

function nameOf(prefix: pulumi.Input<string>, role: string): pulumi.Output<string> {
  return pulumi.interpolate`${prefix}-${role}`;
}
