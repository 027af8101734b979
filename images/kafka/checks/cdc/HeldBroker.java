package cdc;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** Two brokers behind one port, each of which leads one partition of a topic. They answer a producer's batches when the check says so. */
final class HeldBroker implements AutoCloseable {
    static final String TOPIC = "t";
    private static final Uuid TOPIC_ID = Uuid.randomUuid();
    private static final int PARTITIONS = 2;
    /** The last version of produce requests that name topics. Later versions have the topics' ids. */
    private static final short NAMED = 12;
    private static final List<ApiMessageType> SPOKEN = List.of(
            ApiMessageType.API_VERSIONS, ApiMessageType.METADATA, ApiMessageType.INIT_PRODUCER_ID, ApiMessageType.PRODUCE);
    private static final long LONGEST_S = 60;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final BlockingQueue<Batch> batches = new LinkedBlockingQueue<>();

    HeldBroker() throws IOException {
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                accept();
            }
        });
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** The next batch that comes. @param wanted its partition and its first sequence number, as {@code 0:1} */
    Batch next(String wanted) throws InterruptedException {
        Batch batch = batches.poll(LONGEST_S, TimeUnit.SECONDS);
        if (batch == null || !batch.name.equals(wanted)) {
            throw new AssertionError("wanted batch " + wanted + ", " + (batch == null ? "none came" : "there came " + batch.name));
        }
        return batch;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        try {
            Socket socket = server.accept();
            Thread.ofVirtual().start(() -> serve(socket));
        } catch (IOException e) {
            // The server is closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                byte[] request = new byte[in.readInt()];
                in.readFully(request);
                handle(ByteBuffer.wrap(request), socket);
            }
        } catch (EOFException e) {
            // The producer has closed its connection.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(ByteBuffer request, Socket socket) throws IOException {
        ApiMessageType api = ApiMessageType.fromApiKey(request.getShort(0));
        short version = request.getShort(2);
        ByteBufferAccessor from = new ByteBufferAccessor(request);
        int correlation = new RequestHeaderData(from, api.requestHeaderVersion(version)).correlationId();
        Reply reply = data -> write(socket, api, version, correlation, data);
        switch (api) {
            case API_VERSIONS -> reply.with(versions());
            case METADATA -> reply.with(metadata());
            case INIT_PRODUCER_ID -> reply.with(new InitProducerIdResponseData().setProducerId(1).setProducerEpoch((short) 0));
            case PRODUCE -> new ProduceRequestData(from, version).topicData().forEach(topic -> topic.partitionData().forEach(partition ->
                    batches.add(new Batch(partition.index(), firstSequence(partition.records()), reply))));
            default -> throw new IllegalStateException(api + " is not spoken");
        }
    }

    /** The first sequence number of records in memory. Their class is in another package in Kafka 4. */
    private static int firstSequence(Object records) {
        var inMemory = new ByteBufferAccessor(ByteBuffer.allocate(0)).readRecords(0).getClass();
        return inMemory.cast(records).batches().iterator().next().baseSequence();
    }

    private static ApiVersionsResponseData versions() {
        ApiVersionsResponseData data = new ApiVersionsResponseData();
        for (ApiMessageType api : SPOKEN) {
            short highest = api.highestSupportedVersion(false);
            data.apiKeys().add(new ApiVersion().setApiKey(api.apiKey()).setMinVersion(api.lowestSupportedVersion())
                    .setMaxVersion(api == ApiMessageType.PRODUCE && highest > NAMED ? NAMED : highest));
        }
        return data;
    }

    private MetadataResponseData metadata() {
        MetadataResponseData data = new MetadataResponseData().setControllerId(0).setClusterId("check");
        MetadataResponseTopic topic = new MetadataResponseTopic().setName(TOPIC).setTopicId(TOPIC_ID);
        for (int index = 0; index < PARTITIONS; index++) {
            data.brokers().add(new MetadataResponseBroker().setNodeId(index).setHost("127.0.0.1").setPort(server.getLocalPort()));
            topic.partitions().add(new MetadataResponsePartition().setPartitionIndex(index)
                    .setLeaderId(index).setLeaderEpoch(0).setReplicaNodes(List.of(index)).setIsrNodes(List.of(index)));
        }
        data.topics().add(topic);
        return data;
    }

    private static void write(Socket socket, ApiMessageType api, short version, int correlation, ApiMessage data) {
        ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(correlation);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        short headerVersion = api.responseHeaderVersion(version);
        int size = header.size(cache, headerVersion) + data.size(cache, version);
        ByteBufferAccessor to = new ByteBufferAccessor(ByteBuffer.allocate(size));
        header.write(to, cache, headerVersion);
        data.write(to, cache, version);
        try {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(size);
            out.write(to.buffer().array());
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Reply {
        void with(ApiMessage data);
    }

    /** A batch that waits for its answer. Batches of one connection have to be answered in the order in which they came. */
    static final class Batch {
        private final int partition;
        private final String name;
        private final Reply reply;

        private Batch(int partition, int firstSequence, Reply reply) {
            this.partition = partition;
            this.name = partition + ":" + firstSequence;
            this.reply = reply;
        }

        void answer(Errors error) {
            ProduceResponseData data = new ProduceResponseData();
            data.responses().add(new TopicProduceResponse().setName(TOPIC).setPartitionResponses(List.of(
                    new PartitionProduceResponse().setIndex(partition).setErrorCode(error.code()).setBaseOffset(0))));
            reply.with(data);
        }
    }
}
