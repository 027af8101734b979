import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import { isFree, isListening } from "../../../components/preflight/port-holder";
import { presentTopics } from "../../../components/cluster/brokers/broker-topics";

test("a port is listened on from its opening to its closing, and is free before and after", async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  expect([await isListening(port), await isFree(port)]).toEqual([true, false]);
  // The program on this port is no broker, so it has no topics that could be taken over.
  expect(await presentTopics(`127.0.0.1:${port}`)).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
  expect([await isListening(port), await isFree(port)]).toEqual([false, true]);
  expect(await presentTopics(`127.0.0.1:${port}`)).toEqual([]);
});
