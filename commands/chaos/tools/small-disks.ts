/**
 * Volumes that are full after some hundred MB, for the database and each broker. They are file systems in memory, which the engine mounts, so nothing else
 * on the machine gets full. A container of their own holds them, because such a file system ends with the last container that uses it.
 */
import { docker } from "../../../components/engine";
import { toolsImage } from "./tools-image";

const SIZE = "1536m";
const SHORT_MS = 60_000;
const FILLER = "filler";

export class SmallDisks {
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
    const options = ["type=tmpfs", "device=tmpfs", `o=size=${SIZE},mode=1777`].flatMap((each) => ["--opt", each]);
    for (const volume of volumes)
      await docker(["volume", "create", "--label", this.label, ...options, volume], SHORT_MS);
    const mounts = volumes.flatMap((volume) => ["--volume", `${volume}:${placeOf(volume)}`]);
    const own = ["--detach", "--init", "--name", this.holder, "--label", this.label, "--network", "none"];
    await docker(["run", ...own, ...mounts, await toolsImage(), "sleep", "infinity"], SHORT_MS);
  }

  /** Fills the volume until it takes no more. */
  async fill(volume: string): Promise<void> {
    const file = `${placeOf(volume)}/${FILLER}`;
    await this.run(`dd if=/dev/zero of=${file} bs=1M 2> /tmp/said || grep -q 'No space left' /tmp/said`);
  }

  async free(volume: string): Promise<void> {
    await this.run(`rm -f ${placeOf(volume)}/${FILLER}`);
  }

  private async run(script: string): Promise<void> {
    await docker(["exec", this.holder, "sh", "-ec", script], SHORT_MS);
  }
}

function placeOf(volume: string): string {
  return `/disks/${volume}`;
}
