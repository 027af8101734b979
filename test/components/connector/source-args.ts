/** Arguments of a Postgres source, for tests. */
export const ARGS = {
  hostname: "postgres",
  database: "cdctest",
  user: "debezium",
  password: "${secrets:/kafka/secrets:database-password}",
  topicPrefix: "cdctest",
  tables: ["public.customers", "public.orders"],
  slotName: "cdc_dev",
  publication: "debezium",
};
