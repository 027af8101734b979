/** Faults of the handler. */
import type { Fault } from "./fault";

export const handlerThrows: Fault = {
  name: "handler-throws",
  what: "a row on which the handler throws at each attempt, until it is a dead letter",
  hands: "none",
  plan: () => ({ target: "", inject: (place) => place.poison() }),
};
