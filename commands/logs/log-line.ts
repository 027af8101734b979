import { clock, oneLine } from "../../consumer/page/text";
import { type Service, SERVICES } from "../look/containers-look";
import type { Color, Paint } from "../terminal/paint";

/** A line of a container's log. */
export interface LogLine {
  service: Service;
  /** When the engine got it, ISO 8601 with nanoseconds: texts that sort as the times do. */
  at: string;
  text: string;
}

const COLOR: Record<Service, Color> = {
  postgres: "blue",
  zookeeper: "magenta",
  kafka: "yellow",
  connect: "cyan",
  consumer: "green",
};

const WIDTH = Math.max(...SERVICES.map(({ length }) => length));

/** Pure: of what `docker logs --timestamps` prints; undefined: a complaint of the client's own, which has no time. */
export function parseLine(service: Service, printed: string): LogLine | undefined {
  const [, at, text = ""] = /^(\d{4}-\d\d-\d\dT\S+Z) ?(.*)$/.exec(printed) ?? [];
  return at === undefined ? undefined : { service, at, text };
}

/** `connect    13:20:11.123  [2026-…] INFO …` */
export function logLine({ service, at, text }: LogLine, paint: Paint): string {
  // What a container logs may hold what somebody wrote into a row: it must not steer the terminal.
  const shown = oneLine(text.replaceAll("\t", "  "));
  return `${paint(COLOR[service], service.padEnd(WIDTH))}  ${paint("dim", clock(at))}  ${shown}`;
}
