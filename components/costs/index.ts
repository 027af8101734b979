export { connectorTopics, deadLetterTopicOf, messageTopicOf, retryTopicOf } from "./declared";
export { keptTopics } from "./look";
export { refuseFewerPartitions } from "./partitions";
export { tellCosts } from "./tell";
