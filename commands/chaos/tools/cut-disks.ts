/**
 * Volumes whose power can be cut. Each is a journaled file system in a file behind a loop device. `EXT4_IOC_SHUTDOWN`, which is made for tests of file systems,
 * has it forget what is not on its disk. A container of their own holds the devices, which end with it.
 */
import { docker } from "../../../components/engine";
import { poll } from "../../../components/poll";
import { toolsImage } from "./tools-image";

const SIZE = "3G";
const SHORT_MS = 60_000;

/** `_IOR('X', 125, __u32)`, with `EXT4_GOING_FLAGS_NOLOGFLUSH`. */
const SHUT_DOWN = `for (@ARGV) { sysopen(my $d, $_, 0) or die "$_: $!"; my $f = pack("L", 2); ioctl($d, 0x8004587d, $f) or die "$_: $!" }`;

/** Prints a device for each volume. The kernel detaches a device as soon as neither this script nor a mount uses it. */
const HOLD = `
  for name; do
    truncate -s ${SIZE} "/disks/$name"
    mkfs.ext4 -q "/disks/$name"
    device=$(losetup --find --show "/disks/$name")
    mkdir -p /made
    mount "$device" /made
    rmdir /made/lost+found
    chmod 1777 /made
    umount /made
    exec {held}< "$device"
    losetup --detach "$device"
    echo "$device"
  done
  exec sleep infinity
`;

export class CutDisks {
  private readonly holder: string;

  /** @param prefix the stack's @param label what all its objects bear */
  constructor(
    prefix: string,
    private readonly label: string,
  ) {
    this.holder = `${prefix}-disks`;
  }

  /** Makes the volumes before the stack exists. @param volumes their names */
  async make(volumes: readonly string[]): Promise<void> {
    const own = ["--detach", "--init", "--name", this.holder, "--label", this.label];
    await docker(["run", ...own, ...(await withLoops()), "bash", "-ec", HOLD, "disks", ...volumes], SHORT_MS);
    const devices = await poll<string[]>(
      async () => {
        const said = await docker(["logs", this.holder], SHORT_MS);
        const lines = said.split("\n").filter((line) => line.startsWith("/dev/loop"));
        return lines.length === volumes.length ? { done: true, value: lines } : { done: false, seen: said };
      },
      { what: "file systems behind loop devices", deadlineMs: SHORT_MS },
    );
    for (const [index, volume] of volumes.entries()) {
      const options = ["--opt", "type=ext4", "--opt", `device=${devices[index]}`];
      await docker(["volume", "create", "--label", this.label, ...options, volume], SHORT_MS);
    }
  }

  /** Cuts the power of all volumes at once. They take no writes until they are mounted again, after no container uses them any more. */
  async cut(volumes: readonly string[]): Promise<void> {
    const mounts = volumes.flatMap((volume) => ["--volume", `${volume}:/cut/${volume}`]);
    const places = volumes.map((volume) => `/cut/${volume}`);
    const rights = ["--network", "none", "--cap-drop", "ALL", "--cap-add", "SYS_ADMIN", "--cap-add", "DAC_OVERRIDE"];
    const image = await toolsImage();
    await docker(["run", "--rm", ...rights, ...mounts, image, "perl", "-e", SHUT_DOWN, ...places], SHORT_MS);
  }
}

/** Why the engine's machine cannot have such volumes; undefined: it can. */
export async function cannotCut(): Promise<string | undefined> {
  return docker(["run", "--rm", ...(await withLoops()), "losetup", "--find"], SHORT_MS).then(
    () => undefined,
    (error: Error) => `the engine gives no loop device (${error.message})`,
  );
}

/** The rights that it takes to make and mount loop devices, which belong to the machine. */
const RIGHTS = [
  ...["--cap-drop", "ALL", "--cap-add", "SYS_ADMIN", "--security-opt", "apparmor=unconfined"],
  ...["--device-cgroup-rule", "b 7:* rwm", "--device-cgroup-rule", "c 10:237 rwm", "--volume", "/dev:/dev"],
];

async function withLoops(): Promise<string[]> {
  return [...RIGHTS, "--network", "none", "--volume", "/disks", await toolsImage()];
}
