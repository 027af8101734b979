package cdc;

import io.debezium.connector.postgresql.PostgresType;

/** Reads an array as Postgres prints it, once from its start to its end. */
final class PostgresArray {
    private final PostgresJson elements;
    private final PostgresType element;
    private final String text;
    private final char delimiter;
    private final StringBuilder json = new StringBuilder();
    private int at;

    PostgresArray(PostgresJson elements, PostgresType element, char delimiter, String text) {
        this.elements = elements;
        this.element = element;
        this.delimiter = delimiter;
        this.text = text;
    }

    /** The elements as a JSON array. An array whose first element is not number 1 becomes a string, because JSON has no such arrays. */
    String json() {
        if (text.isEmpty() || text.charAt(0) != '{') {
            return PostgresJson.quoted(text);
        }
        list();
        return json.toString();
    }

    private void list() {
        json.append('[');
        at++;
        while (text.charAt(at) != '}') {
            if (text.charAt(at) == delimiter) {
                json.append(',');
                at++;
            }
            switch (text.charAt(at)) {
                case '{' -> list();
                case '"' -> json.append(elements.of(element, quoted()));
                default -> {
                    String bare = bare();
                    json.append(bare.equalsIgnoreCase("NULL") ? "null" : elements.of(element, bare));
                }
            }
        }
        at++;
        json.append(']');
    }

    private String bare() {
        int start = at;
        while (text.charAt(at) != delimiter && text.charAt(at) != '}') {
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\') {
                at++;
            }
            value.append(text.charAt(at));
        }
        at++;
        return value.toString();
    }
}
