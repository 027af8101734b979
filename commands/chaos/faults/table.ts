/** All faults there are. */
import { CONNECTOR_FAULTS } from "./connector";
import { CONTAINER_FAULTS } from "./containers";
import type { Fault } from "./fault";
import { handlerThrows } from "./handler";
import { networkCut } from "./network";
import { backendEnded } from "./slot";

export const FAULTS: readonly Fault[] = [
  ...CONTAINER_FAULTS,
  networkCut,
  ...CONNECTOR_FAULTS,
  backendEnded,
  handlerThrows,
];
