import { expect, test } from "@jest/globals";
import { parseDisks, volumeFindings } from "../../../commands/doctor/volume-look";

const POSTGRES = { role: "postgres", name: "cdc-dev-postgres" };
const df = (...lines: string[]) => ["Filesystem 1024-blocks Used Available Capacity Mounted on", ...lines].join("\n");

test("a volume whose disk is full is reported, even if the engine's own disk has room", () => {
  const disks = parseDisks(
    POSTGRES,
    df(
      "overlay           263174212 58000000 194000000      24% /",
      "tmpfs                 65536        0     65536       0% /dev",
      "shm                   65536    65536         0     100% /dev/shm",
      "/dev/vda          263174212 58000000 194000000      24% /etc/hosts",
      "tmpfs               1572864  1572864         0     100% /var/lib/postgresql/data",
    ),
  );
  expect(disks.map(({ folder }) => folder)).toEqual(["/", "/var/lib/postgresql/data"]);
  expect(volumeFindings(disks)).toEqual([
    {
      ...{ part: "disk", about: "disk of postgres", mark: "bad" },
      text: "0 bytes of 1.5 GB free at /var/lib/postgresql/data: it stops when that is full",
      remedy: "docker exec cdc-dev-postgres sh -c 'du -akx /var/lib/postgresql/data | sort -n | tail'",
    },
  ]);
});

test.each([
  ["a small one that is nearly empty", "tmpfs 16384 100 16284 1% /tmp"],
  ["one with room for some files more", "/dev/vdb 1572864 1472864 100000 94% /kafka/data"],
])("%s is no fault", (_what, line) => {
  expect(volumeFindings(parseDisks(POSTGRES, df(line)))).toEqual([]);
});

test("what a container says that has no such command is no disk", () => {
  expect(parseDisks(POSTGRES, "")).toEqual([]);
});
