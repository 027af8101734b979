/** All faults. */
import type { Coordination } from "../../../components/settings/coordination";
import { servicesOf } from "../../look/containers-look";
import { CONNECTOR_FAULTS } from "./connector-faults";
import { containerFaults } from "./container-faults";
import type { Fault } from "./fault";
import { DATABASE_FAULTS } from "./database-faults";
import { handlerThrows } from "./handler-faults";
import { LOSSES } from "./loss-faults";
import { DISK_FAULTS } from "./disk-faults";
import { engineFaults } from "./engine-faults";
import { networkFaults } from "./network-faults";
import { TOPIC_FAULTS } from "./topic-faults";
import { backendEnded } from "./slot-faults";
import { upKilled } from "./up-faults";

/** Faults by `cdc:coordination`: a stack without ZooKeeper has none to kill. */
export const FAULTS: Record<Coordination, readonly Fault[]> = {
  zookeeper: faultsOf("zookeeper"),
  kraft: faultsOf("kraft"),
};

function faultsOf(coordination: Coordination): readonly Fault[] {
  const services = servicesOf(coordination);
  return [
    ...containerFaults(services),
    ...engineFaults(services),
    ...networkFaults(services),
    ...CONNECTOR_FAULTS,
    backendEnded,
    ...DATABASE_FAULTS,
    upKilled,
    handlerThrows,
    ...LOSSES,
    ...TOPIC_FAULTS,
    ...DISK_FAULTS,
  ];
}
