import { describe, expect, test } from "@jest/globals";
import {
  diskFinding,
  engineFinding,
  imageFindings,
  type PortLook,
  portFindings,
} from "../../../commands/doctor/machine-look";
import { NOW } from "../../support/fakes/stack-look";
import { told } from "./told";

const GB = 2 ** 30;

describe("the machine", () => {
  test.each([
    [64 * GB, "good disk: 64 GB free"],
    [4 * GB, "warning disk: 4 GB free → docker builder prune --force && docker image prune --force"],
    [
      GB / 2,
      "bad disk: 512 MB free: databases and brokers stop when it is full → " +
        "docker builder prune --force && docker image prune --force",
    ],
  ])("%d bytes of disk", (free, said) => {
    expect(told([diskFinding(free)])).toEqual([said]);
  });

  test("an engine that only the client's context names is another one to a plain pulumi command", () => {
    const engine = { server: "28.5.2", client: "28.5.2", host: "unix:///run/user/1/docker.sock" };
    const said = "engine: version 28.5.2, client 28.5.2, at unix:///run/user/1/docker.sock";
    const host = { ...engine, context: null };
    expect(told([engineFinding(host)])).toEqual([`good ${said} (DOCKER_HOST)`]);
    expect(told([engineFinding({ ...engine, context: "default" })])).toEqual([`good ${said} (context default)`]);
    expect(told([engineFinding({ ...engine, context: "rootless" })])).toEqual([
      `note ${said} (context rootless); a plain pulumi command asks the default one, unless it is told → ` +
        "export DOCKER_HOST=unix:///run/user/1/docker.sock",
    ]);
  });

  test("a port that another program took is reported with that program, before the container that wants it", () => {
    const own: PortLook = {
      port: 8083,
      setting: "connectPort",
      service: "connect",
      published: true,
      holder: undefined,
    };
    const taken: PortLook = {
      ...{ port: 55432, setting: "postgresPort", service: "postgres", published: false },
      holder: { by: "process 4711 (postgres)", passes: false },
    };
    const passing: PortLook = { ...taken, holder: { by: "a connection that has ended, for 43 s more", passes: true } };
    const free: PortLook = { ...own, port: 8088, service: "consumer", published: false };
    expect(told(portFindings([taken, passing, own, free]))).toEqual([
      "bad port 55432: taken by process 4711 (postgres), so postgres cannot have it → " +
        "stop that, or: npm run pulumi -- config set postgresPort 55433 && npm start",
      // `npm start` waits for it.
      "bad port 55432: taken by a connection that has ended, for 43 s more, so postgres cannot have it → npm start",
      "good ports: 8083 connect",
    ]);
  });

  test("an image is old when its packages are of more than 30 days ago", () => {
    const kafka = { image: "cdc/kafka:0123456789ab", containers: ["cdc-dev-kafka", "cdc-dev-connect"] };
    const taken = Date.parse("2025-12-01T12:00:00Z");
    const images = [
      { ...kafka, taken },
      { image: "postgres:17", taken, containers: ["cdc-dev-postgres"] },
      { ...kafka, image: "cdc/consumer:1", taken: Date.parse("2026-01-01T12:00:00Z") },
    ];
    expect(told(imageFindings(images, NOW))).toEqual([
      "warning cdc/kafka:0123456789ab: packages of 32 days ago → npm run rebuild",
      "warning postgres:17: packages of 32 days ago → " +
        "docker pull postgres:17 && docker rm --force cdc-dev-postgres && npm start",
      "good cdc/consumer:1: packages of 24 h ago",
    ]);
  });
});
