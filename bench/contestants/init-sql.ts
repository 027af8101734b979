/** Names of the first n captured tables: customers, and copies of it. */
export function tableNames(count: number): string[] {
  return Array.from({ length: count }, (_, at) => (at === 0 ? "public.customers" : `public.customers_${at + 1}`));
}

/** Pure: SQL that makes an empty table like customers. */
export function tableSql(table: string): string {
  return `create table ${table} (id serial primary key, first_name varchar, last_name varchar, email varchar)`;
}

/** Pure: SQL that makes the tables, each like customers and with one row, which arrives as a snapshot. */
export function initSql(tables: string[], identity: "full" | "default"): string {
  return tables
    .map((table) =>
      [
        `${tableSql(table)};`,
        ...(identity === "full" ? [`alter table ${table} replica identity full;`] : []),
        `insert into ${table} (first_name, last_name, email) values ('alex', 'foley', 'alex.foley');`,
        "",
      ].join("\n"),
    )
    .join("\n");
}
