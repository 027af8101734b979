/** All faults there are. */
import { CONNECTOR_FAULTS } from "./connector-faults";
import { CONTAINER_FAULTS } from "./container-faults";
import type { Fault } from "./fault";
import { DATABASE_FAULTS } from "./database-faults";
import { handlerThrows } from "./handler-faults";
import { LOSSES } from "./loss-faults";
import { networkCut } from "./network-faults";
import { backendEnded } from "./slot-faults";
import { upKilled } from "./up-faults";

export const FAULTS: readonly Fault[] = [
  ...CONTAINER_FAULTS,
  networkCut,
  ...CONNECTOR_FAULTS,
  backendEnded,
  ...DATABASE_FAULTS,
  upKilled,
  handlerThrows,
  ...LOSSES,
];
