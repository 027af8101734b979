import { clock, oneLine } from "../../consumer/page/text";
import { memberIndex } from "../../components/cluster/members";
import { type Service, SERVICES } from "../look/containers-look";
import type { Color, Paint } from "../terminal/paint";

/** A line of a container's log. */
export interface LogLine {
  /** The service's name; with several of it, with the number, as in `kafka-2`. */
  service: string;
  /** When the engine got the line, ISO 8601 with nanoseconds. These texts sort as the times do. */
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

/** Pure: parses a line of `docker logs --timestamps`. @returns undefined for a message of the client itself, which has no time */
export function parseLine(service: string, printed: string): LogLine | undefined {
  const [, at, text = ""] = /^(\d{4}-\d\d-\d\dT\S+Z) ?(.*)$/.exec(printed) ?? [];
  return at === undefined ? undefined : { service, at, text };
}

/** `connect    13:20:11.123  [2026-…] INFO …`. @param width of the containers' names */
export function logLine({ service, at, text }: LogLine, paint: Paint, width: number): string {
  // A container's log may contain text that somebody wrote into a row. It must not control the terminal.
  const shown = oneLine(text.replaceAll("\t", "  "));
  return `${paint(colorOf(service), service.padEnd(width))}  ${paint("dim", clock(at))}  ${shown}`;
}

function colorOf(role: string): Color {
  return COLOR[SERVICES.find((service) => memberIndex(service, role) !== undefined)!];
}
