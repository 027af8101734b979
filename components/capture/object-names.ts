/**
 * A name that Postgres takes for a replication slot, a publication or a role: lower case, digits and `_`, at most 63.
 *
 * @example replicationName("cdc", "dev", "customer-cdc") // "cdc_dev_customer_cdc"
 */
export function replicationName(...parts: string[]): string {
  const name = parts
    .join("_")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (name === "") throw new Error(`replicationName: "${parts.join(", ")}" holds no letter and no digit`);
  return name.slice(0, 63);
}
