import { once } from "node:events";
import { connect } from "node:net";
import type { Kafka } from "kafkajs";

/** The key of LeaveGroup in Kafka's protocol. Version 0 is used. */
const LEAVE_GROUP = 13;

/**
 * Removes all members from the group of a killed process. Otherwise the next one waits until their session ends. With kafkajs, a member can only
 * leave by itself.
 */
export async function leaveGroup(bootstrapServers: string, kafka: Kafka, groupId: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { groups } = await admin.describeGroups([groupId]);
    for (const { memberId } of groups[0]!.members) await leave(bootstrapServers, groupId, memberId);
  } finally {
    await admin.disconnect();
  }
}

async function leave(bootstrapServers: string, groupId: string, memberId: string): Promise<void> {
  const [host, port] = bootstrapServers.split(":");
  const socket = connect(Number(port), host);
  await once(socket, "connect");
  const head = Buffer.alloc(8);
  head.writeInt16BE(LEAVE_GROUP, 0);
  const body = Buffer.concat([head, text("cdc-test"), text(groupId), text(memberId)]);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  socket.write(Buffer.concat([size, body]));
  await once(socket, "data");
  socket.destroy();
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
