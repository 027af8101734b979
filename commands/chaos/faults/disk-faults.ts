/** Disks that are full. Of the stack's own only, which are made small for it. */
import type { Service } from "../../look/containers-look";
import type { Fault } from "./fault";

const full = (service: Service): Fault => ({
  name: `disk-full-${service}`,
  what: `the disk of ${service}'s volume filled to its end, and freed after some seconds`,
  hands: "none",
  onlyNamed: true,
  smallDisks: true,
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

export const DISK_FAULTS: Fault[] = [full("postgres"), full("kafka")];
