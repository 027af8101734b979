import { expect, test } from "@jest/globals";
import { whyNone } from "../../../../components/existing/kafka/transactions-look";

test("a topic of transactions to which nothing could write is reported, with the setting that prevents it", () => {
  const asked = { made: false, copies: 3, least: 2 };
  expect(whyNone(asked, 1)).toBe(
    "it keeps them in 3 copies (transaction.state.log.replication.factor), and has 1 broker. Whoever runs it can set that to 1; " +
      "otherwise set cdc:exactlyOnce to false.",
  );
  // The second setting has Kafka's default when only the first is set.
  expect(whyNone({ ...asked, copies: 1 }, 1)).toBe(
    "of the 1 copy that it keeps of them 2 have to be written (transaction.state.log.min.isr), so that none ever is. " +
      "Whoever runs it can set that to 1; otherwise set cdc:exactlyOnce to false.",
  );
  expect(whyNone({ made: true, copies: 2, least: 3 }, 5)).toMatch(
    /^of the 2 copies .* 3 have to be written \(min\.insync\.replicas of the topic __transaction_state\).* can set that to 1;/,
  );
});

test("one that can be written to, or is there with fewer brokers up, is not", () => {
  expect(whyNone({ made: false, copies: 1, least: 1 }, 1)).toBeUndefined();
  expect(whyNone({ made: false, copies: 3, least: 2 }, 3)).toBeUndefined();
  expect(whyNone({ made: true, copies: 3, least: 2 }, 2)).toBeUndefined();
});
