import { type Observation, changeToBody, withId } from "../../../consumer/change/change-json";
import type { Change } from "../../../consumer/change/change-event";
import type { Texts } from "../../../consumer/change/envelope";

/** A change as its line in the log, made as the consumer does it after the handler. */
export function changeToJson(change: Change, observation: Observation, texts?: Texts): string {
  return withId(observation.id, changeToBody(change, observation, texts));
}
