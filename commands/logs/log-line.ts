import { clock, oneLine } from "../../consumer/page/text";
import { memberIndex } from "../../components/cluster/members";
import { type Service, SERVICES } from "../look/containers-look";
import type { Color, Paint } from "../terminal/paint";

/** A line of a container's log. */
export interface LogLine {
  /** Of several with its number, as in `kafka-2`. */
  service: string;
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

/** Pure: of what `docker logs --timestamps` prints; undefined: a complaint of the client's own, which has no time. */
export function parseLine(service: string, printed: string): LogLine | undefined {
  const [, at, text = ""] = /^(\d{4}-\d\d-\d\dT\S+Z) ?(.*)$/.exec(printed) ?? [];
  return at === undefined ? undefined : { service, at, text };
}

/** `connect    13:20:11.123  [2026-…] INFO …`. @param width of the containers' names */
export function logLine({ service, at, text }: LogLine, paint: Paint, width: number): string {
  // What a container logs may hold what somebody wrote into a row: it must not steer the terminal.
  const shown = oneLine(text.replaceAll("\t", "  "));
  return `${paint(colorOf(service), service.padEnd(width))}  ${paint("dim", clock(at))}  ${shown}`;
}

function colorOf(role: string): Color {
  return COLOR[SERVICES.find((service) => memberIndex(service, role) !== undefined)!];
}
