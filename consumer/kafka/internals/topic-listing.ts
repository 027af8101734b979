/**
 * kafkajs 2.2.4 throws away the broker's list of all topics where a single partition in it has no leader, as while a broker is down or a topic is being made.
 * In a Kafka of many users that is often somebody else's topic. Here a question about all topics is answered with all of them. One about topics by their
 * names fails as before: whoever asks so is about to read or write them.
 */
import metadata, { type MetadataAnswer } from "kafkajs/src/protocol/requests/metadata";

let done = false;

/** Makes all clients of this process list topics whose partitions have no leader, too. */
export function listWithoutLeaders(): void {
  if (done) return;
  done = true;
  const { protocol } = metadata;
  metadata.protocol = (version) => {
    const theirs = protocol(version);
    return (question) => {
      const asked = theirs(question);
      if (question.topics.length > 0) return asked;
      const parse = (answer: MetadataAnswer): Promise<MetadataAnswer> => Promise.resolve(answer);
      return { ...asked, response: { ...asked.response, parse } };
    };
  };
}
