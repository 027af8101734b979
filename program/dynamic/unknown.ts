/** The value that a dynamic provider gets from Pulumi in place of one that is not known before the update. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is unknown, or contains one that is. */
export function hasUnknown(value: unknown): boolean {
  return (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).includes(UNKNOWN);
}
