/** COPY … FROM STDIN by the driver, which can send it but has no query for it (pg 8.23, lib/query.js). */
import { type Client, Query } from "pg";

interface CopyConnection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** The rows are not in a field `rows`: the driver has one of its own, which limits a query's result. */
class CopyIn extends Query {
  constructor(
    sql: string,
    private readonly content: string,
  ) {
    super(sql);
  }

  /** The driver calls it when the server is ready for the rows. */
  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(Buffer.from(this.content));
    connection.endCopyFrom();
  }
}

/** @param rows in COPY's text format */
export function copyIn(client: Client, sql: string, rows: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = client.query(new CopyIn(sql, rows));
    query.once("end", () => resolve());
    query.once("error", reject);
  });
}
