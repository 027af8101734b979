/** The routes. `docs/consumer.md` describes them, `api.ts` types their answers. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { ErrorJson, HealthJson, RowTopicsJson, StatusJson } from "../../api";
import { changesAnswer } from "./changes-answer";
import type { DeadLetterRoutes } from "./dead-letter-routes";
import type { Feed } from "../feed";
import { SECURITY_HEADERS, refuse } from "./http-guard";
import type { PageFile } from "./page-files";
import { BadRequest, readAfter, readFilter, readLimit, tableParameter } from "./query";
import type { Recent } from "../recent";
import type { TableRows } from "./table-rows";

export interface HttpOptions {
  epoch: string;
  allowedHosts: readonly string[];
  recent: Recent;
  feed: Feed;
  page: ReadonlyMap<string, PageFile>;
  health(): HealthJson;
  status(): Promise<StatusJson>;
  rows: Pick<TableRows, "topics" | "answer">;
  deadLetters: Pick<DeadLetterRoutes, "list" | "again">;
  metrics: { contentType: string; text(): Promise<string> };
  /** Is called with an exception of a route. */
  failed(path: string, error: unknown): void;
}

export function createHttpServer(options: HttpOptions): Server {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    // `new URL` would take "//name/" for another host, and throws on some texts that a client may send.
    const [path = "/", query = ""] = split(request.url ?? "/");
    const refusal = refuse(request, path, options.allowedHosts, POSTED);
    if (refusal !== null) {
      for (const [name, value] of Object.entries(refusal.headers ?? {})) response.setHeader(name, value);
      return sendJson<ErrorJson>(response, refusal.status, { error: refusal.error });
    }
    route(options, path, new URLSearchParams(query), request, response).catch((error: unknown) => {
      if (error instanceof BadRequest) return sendJson<ErrorJson>(response, 400, { error: error.message });
      options.failed(path, error);
      if (response.headersSent) return response.destroy();
      return sendJson<ErrorJson>(response, 500, { error: "internal error, see the consumer's log" });
    });
  });
  server.requestTimeout = 10_000;
  // `/events` stays open as long as its client. 0 is Node's default, too.
  server.timeout = 0;
  return server;
}

const AGAIN = "/dead-letters/again";
/** Routes that change something. All others only read. */
const POSTED: ReadonlySet<string> = new Set([AGAIN]);

function split(url: string): string[] {
  const mark = url.indexOf("?");
  return mark === -1 ? [url] : [url.slice(0, mark), url.slice(mark + 1)];
}

async function route(
  options: HttpOptions,
  path: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (path) {
    case "/healthz": {
      const health = options.health();
      return sendJson(response, health.status === "ok" ? 200 : 503, health);
    }
    case "/metrics":
      return send(response, 200, options.metrics.contentType, await options.metrics.text());
    case "/changes":
      return send(response, 200, JSON_TYPE, await changes(options, query));
    case "/events":
      return events(options, query, request, response);
    case "/dead-letters":
      return sendJson(response, 200, await options.deadLetters.list());
    case AGAIN:
      return sendJson(response, 200, await options.deadLetters.again(query.get("number")));
    case "/rows":
      return rows(options, query, response);
    case "/status":
      return sendJson(response, 200, await options.status());
    default:
      return pageFile(options.page, path, request, response);
  }
}

const JSON_TYPE = "application/json; charset=utf-8";

function changes({ recent, epoch }: HttpOptions, query: URLSearchParams): Promise<string> {
  const after = readAfter(query);
  // An id of an earlier process says nothing here: all changes that are held are new to that client.
  const id = after === null ? null : after.epoch === null || after.epoch === epoch ? after.id : 0;
  return changesAnswer(recent, epoch, { filter: readFilter(query), limit: readLimit(query), after: id });
}

async function rows({ rows }: HttpOptions, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const table = tableParameter(query);
  if (table === null) return sendJson<RowTopicsJson>(response, 200, { topics: [...rows.topics] });
  send(response, 200, JSON_TYPE, await rows.answer({ table, limit: readLimit(query, 200, 1_000) }));
}

function events(
  { feed }: HttpOptions,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const lastEventId = request.headers["last-event-id"];
  const join = {
    filter: readFilter(query),
    after: readAfter(query, Array.isArray(lastEventId) ? lastEventId[0] : lastEventId),
  };
  response.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    // Keeps a proxy in front from gathering the stream before it passes it on.
    "X-Accel-Buffering": "no",
  });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  // A change must be sent at once, and not wait for the acknowledgement of the one before (Nagle).
  response.socket?.setNoDelay(true);
  const leave = feed.join(response, join);
  response.on("close", leave);
}

function pageFile(page: HttpOptions["page"], path: string, request: IncomingMessage, response: ServerResponse): void {
  const file = page.get(path);
  if (file === undefined) {
    const error =
      path === "/" ? "the page is not in this build; the feed is at /changes and /events" : `no ${path} here`;
    return sendJson<ErrorJson>(response, 404, { error });
  }
  response.setHeader("ETag", file.etag);
  response.setHeader("Cache-Control", "no-cache");
  if (request.headers["if-none-match"] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  send(response, 200, file.type, file.body);
}

function sendJson<T extends object>(response: ServerResponse, status: number, body: T): void {
  send(response, status, JSON_TYPE, JSON.stringify(body));
}

/** Node leaves out the body of an answer to HEAD by itself. */
function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  if (!response.hasHeader("Cache-Control")) response.setHeader("Cache-Control", "no-store");
  response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) }).end(body);
}
