/** Keys of `cdc:connectorConfig` from which the program derives something: they are never secret, as what follows from them is in the state. */
import { isFollowed } from "./followed-keys";
import { isSecretName } from "./secret-names";

/** Batches and queues, keys and columns, what is told and left out, and what decides how records look. */
const READ =
  /^(connector\.class|tasks\.max|max\.(batch|queue)\.size(\.in\.bytes)?|message\.key\.columns|message\.prefix\.(include|exclude)\.list|column\.(include|exclude)\.list|column\.(mask|truncate)\..+|skipped\.operations|tombstones\.on\.delete|slot\.drop\.on\.stop|snapshot\.(include\.collection\.list|select\.statement\.overrides)|post\.processors|converters|(key|value)\.converter\.schemas\.enable|topic\.creation\..+|transforms|predicates)$/;

/** Of a transform: its class, which records it gets, and where it sends them. */
const ROUTES =
  /^transforms\..+\.(type|predicate|negate|regex|replacement|topic\.(regex|replacement|format)|target\.topic\.prefix|route\.(by\.field|topic\.replacement)|delete\.tombstone\.handling\.mode)$|^predicates\..+\.(type|pattern)$/;

/** Pure. */
export function isReadKey(key: string): boolean {
  return !isSecretName(key) && (READ.test(key) || ROUTES.test(key) || isFollowed(key));
}
