/** Parts of kafkajs that are not of its public interface: see fetch-response.ts. */
declare module "kafkajs/src/protocol/requests/fetch/v11/response" {
  const response: { decode(raw: Buffer): Promise<unknown> };
  export default response;
}
