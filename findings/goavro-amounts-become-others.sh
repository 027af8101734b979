#!/usr/bin/env bash
# Package:  github.com/linkedin/goavro/v2 v2.15.0 (Go), a reader and writer of Avro.
# Input:    rows under a schema as Debezium has it for numeric(10,2): a row without the column, whose default the schema has as Connect writes it, one
#           character for each byte ("\u0000\u0080" is 1.28). Amounts in a decimal(9,2) of four bytes (fixed) and in a decimal(10,2) of bytes.
# Guess:    a column that is left out has its default. An amount that has too many digits for its type is refused, as an int that is too large is.
# Found:    the default 1.28 is written as 497.92 and -0.01 as -154.25: of each byte above 7f there become two. A default that has none of these is
#           right, as 0.99. In a decimal of four bytes an amount that is too large is 0.00, while a negative one is refused; in bytes any number
#           of digits passes. The third place is cut, and so is the fraction of a number in a JSON text for a long. Nothing is refused.
# Way out:  every column given; amounts compared with the precision and rounded beforehand.
# Needs Go 1.26 or newer. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > go.mod <<'MOD'
module look

go 1.26
MOD
cat > look.go <<'GO'
package main

import (
	"fmt"
	"math/big"

	"github.com/linkedin/goavro/v2"
)

const (
	ofBytes = `{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}`
	ofFixed = `{"type":"fixed","name":"f","size":4,"logicalType":"decimal","precision":9,"scale":2}`
)

func main() {
	for _, row := range []struct{ name, bytes string }{{"0.99", `\u0063`}, {"1.28", `\u0000\u0080`}, {"-0.01", `\u00ff`}, {"327.67", `\u007f\u00ff`}} {
		schema := `{"type":"record","name":"r","fields":[{"name":"id","type":"long"},{"name":"amount","type":` + ofBytes + `,"default":"` + row.bytes + `"}]}`
		fmt.Printf("default %s, left out: %s\n", row.name, there(schema, map[string]any{"id": 1}))
	}
	for _, amount := range []string{"1.23", "21474836.47", "21474836.48", "99999999.99", "-99999999.99", "1.239", "-1.239"} {
		value, _ := new(big.Rat).SetString(amount)
		fmt.Printf("%s: in bytes %s, in 4 bytes %s\n", amount, there(ofBytes, value), there(ofFixed, value))
	}
	fmt.Println("int 4294967297:", there(`"int"`, 4294967297))
	codec, err := goavro.NewCodec(`"long"`)
	if err != nil {
		panic(err)
	}
	read, _, err := codec.NativeFromTextual([]byte("1.75"))
	fmt.Println("long 1.75 in a text:", result(read, err))
}

// there writes a value and reads it back.
func there(schema string, value any) string {
	codec, err := goavro.NewCodec(schema)
	if err != nil {
		panic(err)
	}
	data, err := codec.BinaryFromNative(nil, value)
	if err != nil {
		return "refused"
	}
	read, _, err := codec.NativeFromBinary(data)
	return result(read, err)
}

func result(read any, err error) string {
	if err != nil {
		return "refused"
	}
	switch read := read.(type) {
	case map[string]any:
		return result(read["amount"], nil)
	case *big.Rat:
		return read.FloatString(2)
	}
	return fmt.Sprint(read)
}
GO
go get github.com/linkedin/goavro/v2@v2.15.0 > go.log 2>&1 || { cat go.log; exit 1; }
go run . | tee seen
diff seen - <<'SEEN' || { echo "changed: defaults or amounts are written otherwise than they were"; exit 1; }
default 0.99, left out: 0.99
default 1.28, left out: 497.92
default -0.01, left out: -154.25
default 327.67, left out: 83731.83
1.23: in bytes 1.23, in 4 bytes 1.23
21474836.47: in bytes 21474836.47, in 4 bytes 21474836.47
21474836.48: in bytes 21474836.48, in 4 bytes 0.00
99999999.99: in bytes 99999999.99, in 4 bytes 0.00
-99999999.99: in bytes -99999999.99, in 4 bytes refused
1.239: in bytes 1.23, in 4 bytes 1.23
-1.239: in bytes -1.24, in 4 bytes -1.24
int 4294967297: refused
long 1.75 in a text: 1
SEEN
echo "as described"
