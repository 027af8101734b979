/** Types for a handler of one's own, and `defineHandler`: what other programs import as `cdc/handler`. */
export type { Change, ChangeOf, Position } from "../consumer/change/change-event";
export {
  type BatchContext,
  type BatchHandler,
  type Context,
  defineHandler,
  type Handler,
  type HandlerDefinition,
} from "../consumer/delivery/handler";
