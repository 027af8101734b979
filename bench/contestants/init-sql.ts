/** Names of the first n captured tables: customers, and others like it. */
export function tableNames(count: number): string[] {
  return Array.from({ length: count }, (_, at) => (at === 0 ? "public.customers" : `public.customers_${at + 1}`));
}

/** Pure: a table like that of customers, empty. */
export function tableSql(table: string): string {
  return `create table ${table} (id serial primary key, first_name varchar, last_name varchar, email varchar)`;
}

/** Pure: the table of customers as often as wanted, each with one row, which arrives as a snapshot. */
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
