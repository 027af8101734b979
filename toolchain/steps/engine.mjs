// Installs Docker's engine on a bare Debian: its package, and a daemon that is started with or without a service manager.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { installPackages } from "../programs/apt.mjs";
import { capture, CommandError, run, which } from "../programs/command.mjs";

const SECONDS_TO_START = 60;
const PID_FILE = "/var/run/docker.pid";

export const engine = {
  title: { start: "Docker engine: started" },
  async start(context) {
    const { log } = context;
    if (!which("dockerd")) await installPackages(["docker.io"], log);
    // From Debian 13 on, the command is in a package of its own, which docker.io only recommends.
    if (!which("docker")) await installPackages(["docker-cli"], log);
    const systemd = existsSync("/run/systemd/system");
    if (systemd) await run("systemctl", ["start", "docker"], { log, seconds: SECONDS_TO_START });
    await (systemd ? untilItAnswers(log) : startDaemon(context));
  },
};

/** Starts the daemon directly. Without systemd, `service docker start` can fail when it raises a limit. */
async function startDaemon({ logs }) {
  const log = join(logs, "dockerd.log");
  mkdirSync(dirname(log), { recursive: true });
  removeStalePid(PID_FILE, "/proc");
  const output = openSync(log, "a");
  const daemon = spawn("dockerd", [], { detached: true, stdio: ["ignore", output, output] });
  let ended;
  daemon.on("error", (error) => (ended = error.message));
  daemon.on("exit", (code) => (ended = `it ended with code ${code}`));
  daemon.unref();
  await untilItAnswers(log, () => ended);
}

async function untilItAnswers(log, ended = () => undefined) {
  const deadline = Date.now() + SECONDS_TO_START * 1000;
  for (;;) {
    const { code, stderr } = await capture("docker", ["info"]);
    if (code === 0) return;
    if (ended()) throw new CommandError(`dockerd could not be started: ${ended()}`, log);
    if (Date.now() > deadline)
      throw new CommandError(`dockerd does not answer after ${SECONDS_TO_START} s: ${stderr}`, log);
    await wait(250);
  }
}

/** Removes the pid file of a killed daemon. A new daemon refuses to start when any other process has that number now. */
export function removeStalePid(file, proc) {
  if (!existsSync(file)) return;
  const name = join(proc, readFileSync(file, "utf8").trim() || "none", "comm");
  if (!existsSync(name) || readFileSync(name, "utf8").trim() !== "dockerd") rmSync(file, { force: true });
}
