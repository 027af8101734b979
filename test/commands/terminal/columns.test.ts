import { expect, test } from "@jest/globals";
import { columns } from "../../../commands/terminal/columns";

test("columns are as wide as their widest cell", () => {
  expect(
    columns([
      ["a", "b"],
      ["long", "→"],
    ]),
  ).toBe("a     b\n----  -\nlong  →");
});
