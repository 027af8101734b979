import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { answersHttp, answersTcp } from "../../../components/container/healthy";

let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((request, response) => response.writeHead(request.url === "/healthz" ? 200 : 503).end());
  await once(server.listen(0, "127.0.0.1"), "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

/** Runs a health check as Docker does. @returns whether it succeeds */
async function healthy(check: string): Promise<boolean> {
  const [code] = (await once(spawn("sh", ["-c", check], { stdio: "ignore" }), "exit")) as [number];
  return code === 0;
}

describe("a container is healthy", () => {
  test("when somebody listens", async () => {
    expect(await healthy(answersTcp(port))).toBe(true);
    expect(await healthy(answersTcp(1))).toBe(false);
  });

  test("when the path is answered with 200, and not with another status", async () => {
    expect(await healthy(answersHttp(port, "/healthz"))).toBe(true);
    expect(await healthy(answersHttp(port, "/elsewhere"))).toBe(false);
    expect(await healthy(answersHttp(1, "/healthz"))).toBe(false);
  });
});
