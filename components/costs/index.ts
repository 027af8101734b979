export { connectorTopics } from "./declared-topics";
export { refuseOtherCoordination } from "./coordination-cost";
export { keptTopics } from "./costs-look";
export { refuseFewerPartitions } from "./partitions";
export { tellCosts } from "./tell";
