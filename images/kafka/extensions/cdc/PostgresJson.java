package cdc;

import io.debezium.connector.postgresql.PostgresType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Converts what Postgres prints, in its ISO styles and in UTC, to JSON. docs/types.md has the table of forms. */
final class PostgresJson {
    private static final Pattern DAY = Pattern.compile("(\\d+)(-\\d\\d-\\d\\d)(?: (\\d\\d:\\d\\d:\\d\\d)(\\.\\d+)?(\\+00)?)?( BC)?");
    private static final Pattern SPAN = Pattern.compile(
            "(?:(-?\\d+) years? ?)?(?:([+-]?\\d+) mons? ?)?(?:([+-]?\\d+) days? ?)?(?:([+-]?)(\\d+):(\\d\\d):(\\d\\d(?:\\.\\d+)?))?");
    private static final Pattern PAIR = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"=>(?:NULL|\"((?:[^\"\\\\]|\\\\.)*)\")");

    private static final int INT2_VECTOR = 22;
    private static final int OID_VECTOR = 30;
    /** FirstNormalObjectId of Postgres: types of extensions and users have this OID or a higher one, and built-in types a lower one. */
    private static final int FIRST_ADDED = 16384;

    private final PrintedTypes types;

    PostgresJson(PrintedTypes types) {
        this.types = types;
    }

    String of(PostgresType type, String text) {
        PostgresType root = type.getRootType();
        // In the catalogue these two are arrays, but Postgres prints them in another form.
        boolean list = root.isArrayType() && root.getOid() != INT2_VECTOR && root.getOid() != OID_VECTOR;
        if (list) {
            PostgresType element = root.getElementType();
            return new PostgresArray(this, element, types.delimiter(element), text).json();
        }
        return root.getOid() < FIRST_ADDED ? builtIn(root.getName(), text) : added(root, text);
    }

    /** Converts a value whose type is not built in. The type may have the name of a built-in one. */
    private static String added(PostgresType type, String text) {
        return switch (type.isEnumType() ? "enum" : type.getName()) {
            case "vector", "halfvec" -> text.startsWith("[") && text.endsWith("]") ? text : quoted(text);
            case "hstore" -> quoted(text.startsWith("(") ? text : map(text));
            default -> quoted(text);
        };
    }

    private static String builtIn(String name, String text) {
        return switch (name) {
            case "int2", "int4", "int8", "oid" -> text;
            case "bool" -> text.equals("t") ? "true" : "false";
            case "float4", "float8" -> number(text);
            case "numeric" -> quoted(switch (text) {
                case "NaN" -> "NAN";
                case "Infinity" -> "POSITIVE_INFINITY";
                case "-Infinity" -> "NEGATIVE_INFINITY";
                default -> text;
            });
            case "money" -> quoted(text.replaceAll("[^-.0-9]", ""));
            case "timestamp", "timestamptz", "date" -> quoted(moment(text));
            case "time" -> quoted(text + "Z");
            case "interval" -> quoted(span(text));
            case "bytea" -> quoted(base64(text));
            default -> quoted(text);
        };
    }

    private static String number(String text) {
        return switch (text) {
            case "NaN", "Infinity", "-Infinity" -> quoted(text);
            case "-0" -> "-0.0";
            default -> text;
        };
    }

    /** A date or timestamp in ISO 8601, in which the year before 1 is 0 and a year of more than four digits has a sign. */
    private static String moment(String text) {
        Matcher of = DAY.matcher(text);
        if (!of.matches()) {
            return text;
        }
        long year = of.group(6) == null ? Long.parseLong(of.group(1)) : 1 - Long.parseLong(of.group(1));
        String sign = year < 0 ? "-" : year > 9999 ? "+" : "";
        String day = sign + "%04d".formatted(Math.abs(year)) + of.group(2);
        if (of.group(3) == null) {
            return day + "Z";
        }
        String fraction = of.group(4) == null ? "." : of.group(4);
        return day + "T" + of.group(3) + fraction + "0".repeat(7 - fraction.length()) + "Z";
    }

    /** An interval in ISO 8601 with all parts. The sign of hours:minutes:seconds applies to each of the three. */
    private static String span(String text) {
        Matcher of = SPAN.matcher(text);
        if (text.isEmpty() || !of.matches()) {
            return text;
        }
        String sign = "-".equals(of.group(4)) ? "-" : "";
        return "P" + part(of.group(1), "") + "Y" + part(of.group(2), "") + "M" + part(of.group(3), "") + "DT"
                + part(of.group(5), sign) + "H" + part(of.group(6), sign) + "M" + part(of.group(7), sign) + "S";
    }

    private static String part(String digits, String sign) {
        if (digits == null) {
            return "0";
        }
        String plain = digits.replaceFirst("^\\+", "").replaceFirst("^(-?)0+(?=\\d)", "$1");
        return plain.matches("[0.]+") ? plain : sign + plain;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(text, 2, text.length()));
    }

    private static String map(String text) {
        StringBuilder json = new StringBuilder("{");
        for (Matcher pair = PAIR.matcher(text); pair.find();) {
            json.append(json.length() == 1 ? "" : ",").append(quoted(unescaped(pair.group(1)))).append(':');
            json.append(pair.group(2) == null ? "null" : quoted(unescaped(pair.group(2))));
        }
        return json.append('}').toString();
    }

    private static String unescaped(String text) {
        return text.replaceAll("\\\\(.)", "$1");
    }

    static String quoted(String text) {
        JsonBytes json = new JsonBytes();
        json.writeString(text);
        return new String(json.toByteArray(), StandardCharsets.UTF_8);
    }
}
