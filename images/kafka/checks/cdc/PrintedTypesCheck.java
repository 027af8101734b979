package cdc;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * Checks that two connectors of one worker each get their values in their own form, and that arrays are taken apart at what their type has between
 * elements: {@code PrintedTypesCheck USER PASSWORD DATABASE}.
 */
final class PrintedTypesCheck {
    private final String[] access;

    private PrintedTypesCheck(String[] access) {
        this.access = access;
    }

    public static void main(String[] args) throws SQLException {
        PrintedTypesCheck check = new PrintedTypesCheck(args);
        TypeRegistry printed = check.types("other, text", PostgresTextConverter.class.getName());
        TypeRegistry own = check.types("text", "somebody.elses.Converter");
        TypeRegistry none = check.types(null, PostgresTextConverter.class.getName());
        // PostGIS has a colon between elements. Its text has no commas.
        check.ask("CREATE TYPE colon");
        check.ask("CREATE FUNCTION colon_in(cstring) RETURNS colon LANGUAGE internal IMMUTABLE STRICT AS 'textin'");
        check.ask("CREATE FUNCTION colon_out(colon) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout'");
        check.ask("CREATE TYPE colon (INPUT = colon_in, OUTPUT = colon_out, LIKE = text, DELIMITER = ':')");
        check.ask("CREATE DOMAIN below AS colon[]; CREATE DOMAIN boxed AS box");
        String[][] values = {
            {"date", "2026-02-03", "\"2026-02-03Z\""},
            {"interval", "1 day", "\"P0Y0M1DT0H0M0S\""},
            {"_int4", "{1,NULL,3}", "[1,null,3]"},
            {"_box", "{(2,2),(1,1);(4,4),(3,3)}", "[\"(2,2),(1,1)\",\"(4,4),(3,3)\"]"},
            {"_boxed", "{(2,2),(1,1);(4,4),(3,3)}", "[\"(2,2),(1,1)\",\"(4,4),(3,3)\"]"},
            {"_colon", "{a,b:NULL:\"c:d\"}", "[\"a,b\",null,\"c:d\"]"},
            {"below", "{{a}:{b}}", "[[\"a\"],[\"b\"]]"},
            {"_below", "{\"{a:b}\":NULL}", "[[\"a\",\"b\"],null]"}};
        for (String[] value : values) {
            PostgresType type = printed.get(Integer.parseInt(check.ask("SELECT '" + value[0] + "'::regtype::oid")));
            expect(value[2], ((PostgresText) PostgresText.of(printed, type, value[1])).json(), value[0]);
            expect(null, PostgresText.of(own, type, value[1]), value[0] + " with another converter");
            expect(null, PostgresText.of(none, type, value[1]), value[0] + " without a converter");
        }
        expect(null, PostgresText.of(printed, printed.get(25), "a text"), "what Debezium reads whole");
        check.ask("DROP TYPE colon CASCADE; DROP DOMAIN boxed");
    }

    private TypeRegistry types(String converters, String text) {
        Configuration.Builder with = access().with("text.type", text);
        Configuration config = (converters == null ? with : with.with("converters", converters)).build();
        return PrintedTypes.of(new PostgresConnectorConfig(config).getJdbcConfig(), Set.of(), config);
    }

    private Configuration.Builder access() {
        return Configuration.create().with("topic.prefix", "checked").with("plugin.name", "pgoutput")
                .with("database.hostname", "127.0.0.1").with("database.port", 5432).with("database.user", access[0])
                .with("database.password", access[1]).with("database.dbname", access[2]);
    }

    private static void expect(Object expected, Object found, String what) {
        if (expected == null ? found != null : !expected.equals(found)) {
            throw new AssertionError(what + ": " + found + " instead of " + expected);
        }
    }

    /** The first value of the answer; null when there is none. */
    private String ask(String sql) throws SQLException {
        try (PostgresConnection connection = new PostgresConnection(new PostgresConnectorConfig(access().build()).getJdbcConfig(), "check");
                Statement statement = connection.connection().createStatement()) {
            if (!statement.execute(sql)) {
                return null;
            }
            ResultSet found = statement.getResultSet();
            return found.next() ? found.getString(1) : null;
        }
    }
}
