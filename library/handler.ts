/** Types for a handler of your own, and `defineHandler`. Other programs import them as `cdc/handler`. */
export type { Change, ChangeOf, Position } from "../consumer/change/change-event";
export {
  type BatchContext,
  type BatchHandler,
  type Context,
  defineHandler,
  type Handler,
  type HandlerDefinition,
} from "../consumer/delivery/handler";
