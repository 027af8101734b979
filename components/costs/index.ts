export { deadLetterTopicOf, messageTopicOf, retryTopicOf } from "./declared";
export { keptTopics } from "./look";
export { tellCosts } from "./tell";
