import { expect, test } from "@jest/globals";
import { AtHand } from "../../../../consumer/delivery/crash/at-hand";

test("reports the record that has been under way for longest, once that is too long", () => {
  let now = 0;
  const atHand = new AtHand(() => now);
  expect(atHand.stuck(60_000)).toBeNull();
  atHand.begin("p.public.orders", 0, "41");
  now = 30_000;
  atHand.begin("p.public.customers", 2, undefined);
  now = 60_000;
  expect(atHand.stuck(60_000)).toBeNull();
  now = 95_000;
  expect(atHand.stuck(60_000)).toBe("the handler has not got on with p.public.orders/0 after offset 41 for 95 s");
  atHand.end("p.public.orders", 0);
  expect(atHand.stuck(60_000)).toBe("the handler has not got on with p.public.customers/2 for 65 s");
  atHand.begin("p.public.customers", 2, "8");
  expect(atHand.stuck(60_000)).toBeNull();
});
