import type { ContainerLook } from "../containers";
import type { Finding, Part } from "../finding";

/** A part whose container runs, and which does not answer: one that was started a moment ago will. */
export function silent(part: Part, about: string, what: string, reason: string, container: ContainerLook): Finding {
  return container.health === "starting"
    ? { part, about, mark: "warning", text: `${what} does not answer yet, its container is starting: ${reason}` }
    : {
        part,
        about,
        mark: "bad",
        text: `${what} does not answer: ${reason}`,
        remedy: `docker restart ${container.name}`,
      };
}
