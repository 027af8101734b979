/** Faults of disks that are full, or lose their power. They need volumes that are made for the run. */
import type { Service } from "../../look/containers-look";
import { cannotCut } from "../tools/cut-disks";
import type { Fault } from "./fault";

const full = (service: Service): Fault => ({
  name: `disk-full-${service}`,
  what: `the disk of ${service}'s volume filled to its end, and freed after some seconds`,
  hands: "none",
  onlyNamed: true,
  disks: "small",
  plan: (random) => {
    const seconds = random.whole(5, 30);
    return {
      target: `${seconds} s`,
      lastsMs: seconds * 1000,
      inject: (place) => place.fillDisk(service),
      heal: (place) => place.freeDisk(service),
    };
  },
});

const powerCut: Fault = {
  name: "power-cut",
  what: "all containers killed, and the disks of database, ZooKeeper and brokers lose what is not written to them yet; then all is started again",
  hands: "none",
  onlyNamed: true,
  disks: "cut",
  refused: cannotCut,
  plan: () => ({ target: "", inject: (place) => place.cutPower() }),
};

export const DISK_FAULTS: Fault[] = [full("postgres"), full("kafka"), powerCut];
