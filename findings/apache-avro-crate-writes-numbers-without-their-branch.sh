#!/usr/bin/env bash
# Package:  apache-avro 0.22.0 (crates.io), Apache's own reader and writer of Avro for Rust.
# Input:    rows under a schema as Debezium has it for nullable columns, ["null","long"] and the like, and ["long","null"] for one with a default; filled with
#           Record::put(name, number), as its examples fill other columns. Value::validate says true of each row. Beside it: texts, NULL, and Some(number).
# Guess:    the number is written with its branch of the union, which the validation has looked for, or is refused, as a text and an array are.
# Found:    numbers and booleans are written without the branch, so that a reader takes them for its number: 0 and false are NULL; after 1 the amount is the
#           price, the price is 1, and the note is NULL; 1.5 is NULL, with a price of 0 and no note. With ["long","null"] 0 does so, and 1 is NULL. Nothing is
#           an error when it is written, nor when these are read; after other numbers the reader stops.
# Way out:  Some(number) where null comes first, else Value::Union with the branch's number.
# Needs Rust 1.88 or newer with cargo. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "look"
version = "0.1.0"
edition = "2021"
[dependencies]
apache-avro = { version = "=0.22.0", default-features = false }
TOML
cat > src/main.rs <<'RUST'
use apache_avro::types::{Record, Value};
use apache_avro::{Reader, Schema, Writer};

fn shown(value: &Value) -> String {
    match value {
        Value::Union(_, inner) => shown(inner),
        Value::Record(fields) => fields.iter().map(|(name, value)| format!("{name} {}", shown(value))).collect::<Vec<_>>().join(", "),
        Value::Long(number) => number.to_string(),
        Value::Double(number) => format!("{number:?}"),
        Value::Boolean(flag) => flag.to_string(),
        Value::String(text) => format!("{text:?}"),
        other => format!("{other:?}"),
    }
}

/// Writes one row with the amount, and reads it back.
fn look(union: &str, amount: Value) {
    let schema = Schema::parse_str(&format!(
        r#"{{"type":"record","name":"orders","fields":[{{"name":"id","type":"long"}},{{"name":"amount","type":{union}}},
            {{"name":"price","type":"long"}},{{"name":"note","type":["null","string"]}}]}}"#
    ))
    .unwrap();
    let mut row = Record::new(&schema).unwrap();
    row.put("id", 5i64);
    row.put("amount", amount.clone());
    row.put("price", 300i64);
    row.put("note", Some("x"));
    let valid = Value::from(row.clone()).validate(&schema);
    let mut writer = Writer::new(&schema, Vec::new()).unwrap();
    let written = writer.append_value(row).map_err(|error| format!("refused: {error}"));
    let file = writer.into_inner().unwrap();
    let read = match written {
        Err(refused) => refused,
        Ok(_) => Reader::new(&file[..]).unwrap().map(|row| row.map_or_else(|error| error.to_string(), |row| shown(&row))).collect::<Vec<_>>().join("; "),
    };
    println!("{union}, {amount:?}: valid {valid}; read: {read}");
}

fn main() {
    for number in [0, 1, 300] {
        look(r#"["null","long"]"#, Value::from(number as i64));
    }
    look(r#"["null","boolean"]"#, Value::from(false));
    look(r#"["null","double"]"#, Value::from(1.5));
    for number in [0, 1] {
        look(r#"["long","null"]"#, Value::from(number as i64));
    }
    look(r#"["null","string"]"#, Value::from("a text"));
    look(r#"["null","long"]"#, Value::Null);
    for number in [0, 1, 300] {
        look(r#"["null","long"]"#, Value::from(Some(number as i64)));
    }
}
RUST
cargo build --quiet > cargo.log 2>&1 || { cat cargo.log; exit 1; }
timeout 60 target/debug/look | tee seen
diff seen - <<'SEEN' || { echo "changed: numbers of nullable columns are written otherwise than they were"; exit 1; }
["null","long"], Long(0): valid true; read: id 5, amount Null, price 300, note "x"
["null","long"], Long(1): valid true; read: id 5, amount 300, price 1, note Null
["null","long"], Long(300): valid true; read: Union index 300 out of bounds: 2
["null","boolean"], Boolean(false): valid true; read: id 5, amount Null, price 300, note "x"
["null","double"], Double(1.5): valid true; read: id 5, amount Null, price 0, note Null
["long","null"], Long(0): valid true; read: id 5, amount 300, price 1, note Null
["long","null"], Long(1): valid true; read: id 5, amount Null, price 300, note "x"
["null","string"], String("a text"): valid true; read: refused: Can only encode value type String as one of [String, Enum]
["null","long"], Null: valid true; read: id 5, amount Null, price 300, note "x"
["null","long"], Union(1, Long(0)): valid true; read: id 5, amount 0, price 300, note "x"
["null","long"], Union(1, Long(1)): valid true; read: id 5, amount 1, price 300, note "x"
["null","long"], Union(1, Long(300)): valid true; read: id 5, amount 300, price 300, note "x"
SEEN
echo "as described"
