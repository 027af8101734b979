import { expect, test } from "@jest/globals";
import { type Service, servicesOf } from "../../../commands/look/containers-look";
import { bills } from "../../support/stack/bills";
import { COORDINATION, docker, POSTGRES_MAJOR, type TestStack } from "../../support/stack";

/** The mounts of a container, and those of its image's files that its user may write. */
interface Places {
  /** Whether the root file system is read-only. The engine refuses uploads into such a container, so others have a writable one. */
  readOnly: boolean;
  mounted: string[];
  own: string[];
}

const SCRATCH = ["/run/lock", "/var/tmp"];
const PLACES: Record<Service, Places> = {
  connect: { readOnly: false, mounted: ["/tmp"], own: ["/kafka/data", ...SCRATCH, "/zookeeper/data"] },
  consumer: { readOnly: false, mounted: ["/var/lib/consumer"], own: ["/run/lock", "/tmp", "/var/tmp"] },
  kafka: { readOnly: true, mounted: ["/kafka/data", "/tmp"], own: [] },
  postgres: {
    readOnly: false,
    mounted: ["/var/lib/postgresql/data"],
    own: [
      ...["/etc/postgresql", "/run/lock", "/run/postgresql", "/tmp"],
      ...["/var/lib/postgresql", "/var/log/postgresql", "/var/tmp"],
    ],
  },
  zookeeper: { readOnly: true, mounted: ["/tmp", "/zookeeper/data"], own: [] },
};

const ALL = servicesOf(COORDINATION).map((service): [Service, Places] => [service, PLACES[service]]);

/** The parts of `docker inspect` that are read. */
interface Inspected {
  HostConfig: {
    ReadonlyRootfs: boolean;
    Privileged: boolean;
    CapAdd: string[] | null;
    CapDrop: string[];
    SecurityOpt: string[];
    Memory: number;
    MemorySwap: number;
    PidMode: string;
    IpcMode: string;
    NetworkMode: string;
    UsernsMode: string;
    UTSMode: string;
    Devices: unknown[] | null;
    PublishAllPorts: boolean;
    Ulimits: { Name: string; Soft: number; Hard: number }[];
    LogConfig: { Type: string; Config: Record<string, string> };
    Tmpfs: Record<string, string> | null;
    PortBindings: Record<string, { HostIp: string }[]> | null;
  };
  NetworkSettings: { Networks: Record<string, unknown> };
  Mounts: { Type: string; Destination: string }[];
}

/** Checks what protects the laptop from a program in a container that an attacker controls. */
export function rights(stack: TestStack): void {
  test.each(ALL)("%s has the rights that it needs, as the engine says", async (role, places) => {
    const [inspected] = JSON.parse(await docker("inspect", `${stack.prefix}-${role}`)) as [Inspected];
    const { HostConfig, Mounts, NetworkSettings } = inspected;
    expect(HostConfig).toMatchObject({
      ...{ Privileged: false, CapAdd: null, CapDrop: ["ALL"], PidMode: "", IpcMode: "private" },
      ...{ UsernsMode: "", UTSMode: "", PublishAllPorts: false },
      ReadonlyRootfs: places.readOnly,
      SecurityOpt: ["no-new-privileges"],
      Ulimits: [{ Name: "nproc", Soft: 8192, Hard: 8192 }],
    });
    expect(HostConfig.Devices ?? []).toEqual([]);
    expect(HostConfig.LogConfig).toMatchObject({ Type: "local", Config: { "max-size": "10m", "max-file": "3" } });
    // Neither this machine's network nor another container's. The container begins on the engine's own bridge, and leaves it before it starts.
    expect(HostConfig.NetworkMode).toBe("bridge");
    expect(Object.keys(NetworkSettings.Networks)).toEqual([`${stack.prefix}-net`]);
    expect(HostConfig.Memory).toBeGreaterThan(0);
    expect(HostConfig.MemorySwap).toBe(HostConfig.Memory);
    const addresses = Object.values(HostConfig.PortBindings ?? {}).flatMap((ports) =>
      ports.map(({ HostIp }) => HostIp),
    );
    expect(new Set(addresses)).toEqual(new Set(role === "zookeeper" ? [] : ["127.0.0.1"]));
    // None of this machine's own files.
    expect(Mounts.filter(({ Type }) => Type !== "volume")).toEqual([]);
    const mounted = [...Mounts.map(({ Destination }) => Destination), ...Object.keys(HostConfig.Tmpfs ?? {})];
    expect(mounted.sort()).toEqual(places.mounted);
  });

  test.each(ALL)("%s has no right to lose, as the kernel says", async (role, { mounted, own }) => {
    const inside = (...command: string[]) => docker("exec", `${stack.prefix}-${role}`, "sh", "-c", ...command);
    const said = await inside("grep -hE '^(CapEff|CapBnd|NoNewPrivs)' /proc/1/status; grep processes /proc/1/limits");
    expect(said.split("\n").map((line) => line.replace(/\s+/g, " ").trim())).toEqual([
      "CapEff: 0000000000000000",
      "CapBnd: 0000000000000000",
      "NoNewPrivs: 1",
      "Max processes 8192 8192 processes",
    ]);
    expect(await inside("id -u")).not.toBe("0");
    // Writable files of the image, without mounts: no programs and no libraries are among them.
    const found = (await inside("find / -xdev -writable ! -type l 2> /dev/null || true")).split("\n");
    const writable = found.filter((path) => path !== "" && !mounted.includes(path));
    const roots = writable.filter((path) => !writable.some((other) => path.startsWith(`${other}/`)));
    expect(roots.sort()).toEqual(own);
  });

  test("says what its images are made of, and has no known hole that nobody has looked at", async () => {
    const [kafka, version] = COORDINATION === "kraft" ? ["kafka-kraft", "4.4.0"] : ["kafka", "3.9.2"];
    const { said, parts } = await bills(stack);
    const postgres = POSTGRES_MAJOR === "17" ? "postgres" : `postgres-${POSTGRES_MAJOR}`;
    expect(said).toContain(`: ${parts(kafka).length} parts, dist/bom/${kafka}.cdx.json`);
    const expected = [
      [kafka, `pkg:maven/org.apache.kafka/kafka-clients@${version}`],
      [kafka, "pkg:maven/io.debezium/debezium-connector-postgres@3.7.0.Final"],
      [kafka, "pkg:generic/openjdk@25"],
      [postgres, `pkg:deb/debian/postgresql-${POSTGRES_MAJOR}@${POSTGRES_MAJOR}`],
      ["consumer", "pkg:deb/debian/nodejs@20"],
      ["consumer", "pkg:npm/kafkajs@2.2.4"],
    ] as const;
    for (const [image, purl] of expected) expect(parts(image)).toContainEqual(expect.stringContaining(purl));
  }, 60_000);
}
