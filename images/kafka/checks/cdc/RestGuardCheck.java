package cdc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks which requests Kafka Connect's REST API takes, and from whom. */
final class RestGuardCheck {
    private static final String TOKEN = "a token for this check only";
    /** SHA-256 of the token. */
    private static final String SHA256 = "d00dcc9d18adfff5ce986b722bca2a01f25c232afa43e88ff87066859d08e500";
    private static final String VALIDATE = "connector-plugins/PostgresConnector/config/validate";
    private static final RestGuard GUARD = new RestGuard();

    public static void main(String[] args) {
        GUARD.configure(Map.of(RestGuard.HOSTS, "127.0.0.1,localhost,[::1],connect", RestGuard.TOKEN_SHA256, SHA256));
        hosts();
        pages();
        tokens();
        settings();
    }

    private static void hosts() {
        for (String host : new String[] {"127.0.0.1", "127.0.0.1:8083", "localhost:26909", "LOCALHOST", "[::1]:8083", "[::1]", "connect:8083"}) {
            expect("", "GET", "connectors", "Host", host);
        }
        for (String host : new String[] {"example.org", "example.org:8083", "127.0.0.1.example.org", "localhost.example.org:8083", "connect.",
                "127.0.0.1:8083,example.org", "", "127.0.0.1:", "connect@example.org"}) {
            expect("names the host " + host, "GET", "connectors", "Host", host);
        }
        expect("names the host null", "GET", "connectors");
        // The token does not make up for a wrong host.
        expect("names the host", "POST", "connectors", "Host", "example.org", "Authorization", "Bearer " + TOKEN);
    }

    private static void pages() {
        for (String method : new String[] {"GET", "POST", "PUT", "DELETE", "OPTIONS"}) {
            expect("from a page", method, "connectors/a/restart", "Host", "localhost", "Origin", "https://example.org");
            expect("from a page", method, "connectors/a/restart", "Host", "localhost", "Origin", "null");
            // Another port of the same machine is another origin, and the same site.
            expect("from a page", method, "connectors/a/restart", "Host", "localhost", "Origin", "http://localhost:8088");
            expect("from a page", method, "connectors/a/restart", "Host", "localhost", "Sec-Fetch-Site", "same-site");
            expect("from a page", method, "connectors/a/restart", "Host", "localhost", "Sec-Fetch-Site", "cross-site");
        }
        // A browser in which somebody types the address.
        expect("", "GET", "connectors", "Host", "localhost", "Sec-Fetch-Site", "none");
        expect("", "GET", "connectors", "Host", "localhost", "Sec-Fetch-Site", "same-origin");
    }

    private static void tokens() {
        for (String open : new String[] {"GET connectors", "GET /", "HEAD health", "PUT connectors/a/pause", "PUT connectors/a/resume/",
                "PUT connectors/a/stop", "POST connectors/a/restart", "POST connectors/a/tasks/0/restart", "DELETE connectors/a",
                "POST connectors/a/tasks", "PUT connectors/a/fence"}) {
            expectTokenFor(false, open);
        }
        for (String closed : new String[] {"POST connectors", "POST connectors/", "POST /connectors", "PUT connectors/a/config",
                "PATCH connectors/a/config", "PUT " + VALIDATE, "DELETE connectors/a/offsets", "PATCH connectors/a/offsets",
                "PUT connectors/a/topics/reset", "PUT admin/loggers/root", "POST connectors/a/pause", "PUT connectors/a/config;b/pause",
                "PUT connectors/a;b/pause", "PUT connectors/a/b/pause", "DELETE connectors", "PUT nowhere", "FETCH connectors"}) {
            expectTokenFor(true, closed);
        }
        for (String wrong : new String[] {"", "Bearer", "Bearer ", "Bearer another", TOKEN, "Basic " + TOKEN, "Bearer " + SHA256}) {
            expect("needs the header", "PUT", VALIDATE, "Host", "localhost", "Authorization", wrong);
        }
        expect("", "PUT", VALIDATE, "Host", "localhost", "Authorization", "bearer " + TOKEN);
    }

    private static void expectTokenFor(boolean closed, String request) {
        String[] parts = request.split(" ");
        expect(closed ? "needs the header" : "", parts[0], parts[1], "Host", "localhost");
        expect("", parts[0], parts[1], "Host", "localhost", "Authorization", "Bearer " + TOKEN);
    }

    /** A worker does not start without the names of its hosts or the token's hash. */
    private static void settings() {
        for (Map<String, String> lacking : List.<Map<String, String>>of(Map.of(), Map.of(RestGuard.HOSTS, "localhost"), Map.of(RestGuard.TOKEN_SHA256, SHA256))) {
            try {
                new RestGuard().configure(lacking);
            } catch (IllegalArgumentException expected) {
                continue;
            }
            throw new AssertionError("started with " + lacking);
        }
    }

    /** @param part of the refusal; empty: none */
    private static void expect(String part, String method, String path, String... headers) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            given.put(headers[i], headers[i + 1]);
        }
        String found = GUARD.refusal(method, path, given::get);
        if (part.isEmpty() ? found != null : found == null || !found.contains(part)) {
            throw new AssertionError(method + " " + path + " " + given + ": wanted \"" + part + "\", found " + found);
        }
    }
}
