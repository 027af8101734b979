/** All faults there are. */
import { CONNECTOR_FAULTS } from "./connector";
import { CONTAINER_FAULTS } from "./containers";
import type { Fault } from "./fault";
import { DATABASE_FAULTS } from "./database";
import { handlerThrows } from "./handler";
import { LOSSES } from "./losses";
import { networkCut } from "./network";
import { backendEnded } from "./slot";
import { upKilled } from "./up";

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
