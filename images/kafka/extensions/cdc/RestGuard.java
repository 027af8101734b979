package cdc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerRequestFilter;
import javax.ws.rs.container.PreMatching;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.apache.kafka.connect.rest.ConnectRestExtension;
import org.apache.kafka.connect.rest.ConnectRestExtensionContext;
import org.apache.kafka.connect.runtime.rest.entities.ErrorMessage;

/**
 * Decides which requests to Kafka Connect's REST API are let in: {@code rest.extension.classes}. Without it, any page that is open in a browser on
 * the same machine can make a connector, which reads what the worker can read.
 *
 * <ul>
 *   <li>A request must name one of the hosts of {@link #HOSTS}. A page whose own host name was made to lead to this machine does not.
 *   <li>A request must not come from a page. A browser says so by {@code Origin} or {@code Sec-Fetch-Site}, and lets no page change them.
 *   <li>A request that is neither a read nor listed in {@link #OPEN} needs the token. Some of these carry a config: the worker resolves its
 *       references to secrets, even if it only validates it. Others change offsets, which can lose changes silently.
 * </ul>
 */
public final class RestGuard implements ConnectRestExtension {
    /** Names and addresses of hosts, without ports, separated by commas. */
    static final String HOSTS = "cdc.guard.hosts";
    /** SHA-256 of the token in hexadecimal digits. The token is random and long, so the hash helps nobody to find it. */
    static final String TOKEN_SHA256 = "cdc.guard.token.sha256";

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
    /** Method and path of requests that change something and need no token. Workers sign the requests that they send to each other. */
    private static final List<Pattern> OPEN = List.of(
            Pattern.compile("PUT connectors/[^/;]+/(pause|resume|stop)"),
            Pattern.compile("POST connectors/[^/;]+/restart"),
            Pattern.compile("POST connectors/[^/;]+/tasks/[0-9]+/restart"),
            Pattern.compile("DELETE connectors/[^/;]+"),
            Pattern.compile("POST connectors/[^/;]+/tasks"),
            Pattern.compile("PUT connectors/[^/;]+/fence"));
    private static final Pattern PORT = Pattern.compile(":[0-9]+$");

    private Set<String> hosts;
    private byte[] token;

    @Override
    public void configure(Map<String, ?> configs) {
        hosts = Set.of(required(configs, HOSTS).split(","));
        token = HexFormat.of().parseHex(required(configs, TOKEN_SHA256));
    }

    private static String required(Map<String, ?> configs, String key) {
        if (configs.get(key) instanceof String value && !value.isEmpty()) {
            return value;
        }
        throw new IllegalArgumentException("cdc.RestGuard needs " + key + " among the worker's properties");
    }

    @Override
    public void register(ConnectRestExtensionContext context) {
        context.configurable().register(new Filter());
    }

    /** Runs before the path is looked up, so that paths which do not exist are guarded, too. */
    @PreMatching
    final class Filter implements ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) throws IOException {
            String reason = refusal(request.getMethod(), request.getUriInfo().getPath(false), request::getHeaderString);
            if (reason != null) {
                request.abortWith(Response.status(Response.Status.FORBIDDEN).type(MediaType.APPLICATION_JSON_TYPE)
                        .entity(new ErrorMessage(Response.Status.FORBIDDEN.getStatusCode(), reason)).build());
            }
        }
    }

    /** A header's value; null when the request does not have the header. */
    interface Headers {
        String get(String name);
    }

    /** The reason for which a request is refused, as the client gets it; null when the request is let in. */
    String refusal(String method, String path, Headers headers) {
        String host = headers.get("Host");
        if (host == null || !hosts.contains(PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst(""))) {
            return "The request names the host " + host + ", and this worker answers as " + String.join(", ", sorted()) + " only.";
        }
        String site = headers.get("Sec-Fetch-Site");
        if (headers.get("Origin") != null || (site != null && !site.equals("none") && !site.equals("same-origin"))) {
            return "The request comes from a page in a browser, and this worker answers none.";
        }
        if (READS.contains(method) || isOpen(method, path) || hasToken(headers.get("Authorization"))) {
            return null;
        }
        return method + " /" + path + " needs the header \"Authorization: Bearer TOKEN\". The token is the stack's output connectToken:"
                + " `pulumi stack output --show-secrets connectToken`.";
    }

    private List<String> sorted() {
        return hosts.stream().sorted().toList();
    }

    private static boolean isOpen(String method, String path) {
        String asked = method + " " + path.replaceAll("^/+|/+$", "");
        return OPEN.stream().anyMatch(open -> open.matcher(asked).matches());
    }

    private boolean hasToken(String authorization) {
        String scheme = "Bearer ";
        return authorization != null && authorization.regionMatches(true, 0, scheme, 0, scheme.length())
                && MessageDigest.isEqual(token, sha256(authorization.substring(scheme.length()).trim()));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
    }

    @Override
    public String version() {
        return "1";
    }
}
