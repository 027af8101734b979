package cdc;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest.ClientType;
import org.apache.kafka.connect.health.ConnectorType;

/** Checks which keys of its Kafka clients a connector may set. */
final class ListedOverridesCheck {
    public static void main(String[] args) {
        ListedOverrides policy = new ListedOverrides();
        policy.configure(Map.of("cdc.overrides.producer", "acks,linger.ms", "cdc.overrides.consumer", "max.poll.records"));
        expect("", policy, ClientType.PRODUCER, "acks", "linger.ms");
        expect("bootstrap.servers", policy, ClientType.PRODUCER, "acks", "bootstrap.servers");
        expect("sasl.jaas.config", policy, ClientType.PRODUCER, "sasl.jaas.config");
        expect("max.poll.records", policy, ClientType.PRODUCER, "max.poll.records");
        expect("", policy, ClientType.CONSUMER, "max.poll.records");
        expect("acks", policy, ClientType.ADMIN, "acks");
        expect("", policy, ClientType.ADMIN);
    }

    private static void expect(String refused, ListedOverrides policy, ClientType client, String... keys) {
        Map<String, Object> given = List.of(keys).stream().collect(Collectors.toMap(key -> key, key -> "a value that is not shown"));
        List<ConfigValue> verdicts = policy.validate(
                new ConnectorClientConfigRequest("name", ConnectorType.SOURCE, null, given, client));
        String found = verdicts.stream().filter(verdict -> !verdict.errorMessages().isEmpty()).map(ConfigValue::name)
                .collect(Collectors.joining(" "));
        if (verdicts.size() != keys.length || !refused.equals(found) || verdicts.toString().contains("not shown")) {
            throw new AssertionError(client + " " + List.of(keys) + ": wanted \"" + refused + "\", found " + verdicts);
        }
    }
}
