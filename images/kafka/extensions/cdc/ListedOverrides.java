package cdc;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest.ClientType;

/**
 * Lets a connector's config set only those keys of its Kafka clients that the worker's properties list:
 * {@code connector.client.config.override.policy}. Kafka's own policies allow no key, those of a login, or all. With all, a connector may send what
 * it reads to another broker, or log in there with a module of its choice.
 */
public final class ListedOverrides implements ConnectorClientConfigOverridePolicy {
    /**
     * Prefix of the properties: producer, consumer or admin follows. The value is a list of keys separated by commas. A client without a list may set
     * none.
     */
    static final String LISTED = "cdc.overrides.";

    private final Map<ClientType, Set<String>> listed = new EnumMap<>(ClientType.class);

    @Override
    public void configure(Map<String, ?> configs) {
        for (ClientType client : ClientType.values()) {
            Object keys = configs.get(LISTED + client.name().toLowerCase(Locale.ROOT));
            listed.put(client, keys == null ? Set.of() : Set.of(keys.toString().split(",")));
        }
    }

    @Override
    public List<ConfigValue> validate(ConnectorClientConfigRequest request) {
        Set<String> keys = listed.get(request.clientType());
        return request.clientProps().keySet().stream().map(key -> verdict(key, keys)).toList();
    }

    private static ConfigValue verdict(String key, Set<String> keys) {
        ConfigValue verdict = new ConfigValue(key);
        if (!keys.contains(key)) {
            verdict.addErrorMessage("A connector of this worker may not set " + key + " of its clients: it may tune them by "
                    + String.join(", ", keys.stream().sorted().toList()) + ".");
        }
        return verdict;
    }

    @Override
    public void close() {
    }
}
