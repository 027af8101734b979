import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { type ImageIds, imageLabels } from "../images/image-ids";
import { containerLabels, STACK_LABEL } from "./labels";

/**
 * Arguments about the stack for all its containers. A component is registered once its inputs are known, and its volume after
 * it. The network and the image are known later, so they are inputs of the containers only.
 */
export interface StackArgs {
  /** `<project>-<stack>`: what the names of Docker objects start with. */
  prefix: pulumi.Input<string>;
  /** Name of the Docker network that the containers share. */
  network: pulumi.Input<string>;
  /** Ids of the images that settings name. @default none is named */
  imageIds?: ImageIds;
}

export interface ContainerArgs extends Omit<Partial<docker.ContainerArgs>, "ports" | "labels" | "volumes" | "uploads"> {
  stack: StackArgs;
  /** Name within the network, and last part of the container's own. */
  role: string;
  /** Further names within the network. @default none */
  aliases?: string[];
  image: pulumi.Input<string>;
  /** Memory limit in MiB, swap included. A process that exceeds it is killed, so it is above the measured use. */
  memoryMb: number;
  /** Labels beside those that all containers of the stack have. @default none */
  labels?: Record<string, string>;
  /** Files that are put into the container before it starts. @default none */
  uploads?: docker.types.input.ContainerUpload[];
  /** Volumes that it mounts. @default none */
  volumes?: docker.types.input.ContainerVolume[];
  /** Container port to port on 127.0.0.1. @default none */
  publish?: Record<number, pulumi.Input<number>>;
  /** Shell command that succeeds when the container serves. `docker ps` shows the result; nothing waits for it. @default the image's own */
  healthy?: string;
}

/** Labels by which a volume or a network of the stack is found. */
export function stackLabels(prefix: pulumi.Input<string>): { label: string; value: pulumi.Input<string> }[] {
  return [{ label: STACK_LABEL, value: prefix }];
}

/**
 * A container's arguments with those that all containers share: no capabilities, limits on logs, memory and processes, ports on
 * loopback only, and a read-only root file system unless files are uploaded into it.
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
    // This driver costs the engine less than JSON files, and the consumer writes a line for each change.
    logDriver: "local",
    logOpts: { "max-size": "10m", "max-file": "3", compress: "false" },
    memory: memoryMb,
    // Without this, the engine sets twice the limit, and every preview shows a difference.
    memorySwap: memoryMb,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges"],
    // Pulumi's plugin copies files into the root file system, which the engine refuses when it is read-only.
    readOnly: uploads.length === 0,
    // The plugin has no limit of processes for one container. This limit is for the container's user, who is the same in other stacks'
    // containers. So it is far above what is in use, and stops only a program that makes processes without end.
    ulimits: [{ name: "nproc", soft: MAX_PROCESSES, hard: MAX_PROCESSES }],
    uploads,
    volumes,
    init: true,
    labels: pulumi
      .all([stack.prefix, rest.image])
      .apply(([prefix, image]) =>
        Object.entries({ ...containerLabels(prefix, role), ...imageLabels(image, stack.imageIds), ...labels }).map(
          ([label, value]) => ({ label, value }),
        ),
      ),
    ...rest,
  };
}

const MAX_PROCESSES = 8192;

/** A named volume of the stack. @param labels beside those that all volumes have; a change of them replaces the volume */
export function volumeArgs(
  prefix: pulumi.Input<string>,
  role: string,
  labels: Record<string, string> = {},
): docker.VolumeArgs {
  const further = Object.entries(labels).map(([label, value]) => ({ label, value }));
  return { name: nameOf(prefix, role), labels: [...stackLabels(prefix), ...further] };
}

/**
 * An existing volume that was taken over may have a disk of its own. The plugin reads the volume's options into the state, and would replace the
 * volume because they are not declared.
 */
export function volumeOptions(parent: pulumi.Resource): pulumi.CustomResourceOptions {
  return { parent, ignoreChanges: ["driver", "driverOpts"] };
}

function nameOf(prefix: pulumi.Input<string>, role: string): pulumi.Output<string> {
  return pulumi.interpolate`${prefix}-${role}`;
}
