import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { createParser, follow, type Link, type StreamEvent } from "../../../consumer/page/sse";

let server: Server | undefined;
let stop: AbortController;

beforeEach(() => {
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
});

test("events are read however the text is cut", () => {
  const text = ": hello\r\nretry: 10\n\nid: e-1\nevent: changes\ndata: [1,\ndata: 2]\n\ndata:x\n\nevent: none\n\n";
  for (let size = 1; size <= text.length; size++) {
    const events: StreamEvent[] = [];
    const parse = createParser((event) => events.push(event));
    for (let at = 0; at < text.length; at += size) parse(text.slice(at, at + size));
    expect(events).toEqual([
      { event: "changes", data: "[1,\n2]", id: "e-1" },
      { event: "message", data: "x" },
    ]);
  }
});

test("resumes after the last id, through refusals, broken connections and silence", async () => {
  const ids: (string | undefined)[] = [];
  const answers: ((response: ServerResponse) => void)[] = [
    (response) => response.writeHead(503).end(),
    (response) => response.write("id: 1\ndata: a\n\n", () => response.destroy()),
    (response) => response.write("id: 2\ndata: b\n\n"),
    (response) => response.end("id: 3\ndata: c\n\n"),
  ];
  server = createServer((request, response) => {
    ids.push(request.headers["last-event-id"] as string | undefined);
    answers.shift()?.(response);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const links: Link[] = [];
  const data: string[] = [];
  await new Promise<void>((resolve) => {
    follow({
      url: () => `http://127.0.0.1:${(server?.address() as AddressInfo).port}`,
      lastEventId: "0",
      signal: stop.signal,
      silenceMs: 300,
      maxRetryMs: 10,
      onLink: (link) => links.push(link),
      onEvent: (event) => {
        data.push(event.data);
        if (event.data === "c") resolve();
      },
    });
  });
  expect(data).toEqual(["a", "b", "c"]);
  expect(ids).toEqual(["0", "0", "1", "2"]);
  const reasons = links.flatMap((link) => (link.state === "waiting" ? [link.reason] : []));
  expect(reasons[0]).toBe("it answered 503 Service Unavailable");
  expect(reasons[2]).toBe("nothing heard for 0.3 s");
});
