import { expect, test } from "@jest/globals";
import { newestPackageLayer } from "../../../commands/images/age";

test("packages are as old as the layer that fetched them, however new the layers above it are", () => {
  const history = [
    "2026-03-01T10:00:00Z\tCOPY app/ /app/ # buildkit",
    "2026-01-02T03:04:05Z\tRUN |1 PACKAGES_OF= /bin/sh -c apt-get update  && apt-get upgrade -y # buildkit",
    "2025-01-02T03:04:05Z\tRUN /bin/sh -c apt-get update && apt-get install -y curl",
    "2024-12-01T00:00:00Z\t",
  ];
  expect(newestPackageLayer(history.join("\n"))).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
});

test("an image without packages is as old as itself", () => {
  expect(newestPackageLayer("2026-03-01T10:00:00+02:00\tCOPY a /a\n2025-01-01T00:00:00Z\t")).toBe(
    Date.UTC(2026, 2, 1, 8),
  );
});
