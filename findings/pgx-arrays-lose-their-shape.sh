#!/usr/bin/env bash
# Package:  github.com/jackc/pgx/v5 v5.9.0 (Go): pgtype, with which readers of logical replication built on pglogrepl decode
#           the values of a row, each by the type's oid, as its example does.
# Input:    values as Postgres sends them in text form: arrays of two dimensions, one whose first index is 0, and jsonb.
# Guess:    a nested array becomes nested slices, or is refused as one that does not fit; so is an array with a lower bound.
#           A JSON null in a jsonb[] and an SQL NULL are two values.
# Found:    a nested array is flattened: {{1,2},{3,4}} and {1,2,3,4} are one value, and so are a table of two columns and one of
#           three. The lower bound is dropped. The JSON null and NULL are both nil. An integer of JSON is a float64, of which
#           12345678901234567890 keeps 17 digits. Nothing is an error. A copy that is written from these values differs.
# Way out:  take arrays and JSON as the text that Postgres sent; or scan into a pgtype.Array, which keeps the dimensions.
# Needs Go 1.25 or newer. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > go.mod <<'MOD'
module look

go 1.25
MOD
cat > look.go <<'GO'
package main

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"
)

func main() {
	types := pgtype.NewMap()
	for _, value := range [][2]string{
		{"_int4", "{1,2,3,4}"}, {"_int4", "{{1,2},{3,4}}"}, {"_int4", "[0:1]={1,2}"},
		{"_text", "{{a,b,c},{d,e,f}}"}, {"_text", "{{a,b},{c,d},{e,f}}"},
		{"_jsonb", `{"null",NULL}`}, {"jsonb", `{"a": 12345678901234567890}`},
	} {
		kind, known := types.TypeForName(value[0])
		if !known {
			panic(value[0])
		}
		decoded, err := kind.Codec.DecodeValue(types, kind.OID, pgtype.TextFormatCode, []byte(value[1]))
		fmt.Println(value[0], value[1], "is", decoded, err)
	}
	var kept pgtype.Array[int32]
	err := types.Scan(pgtype.Int4ArrayOID, pgtype.TextFormatCode, []byte("{{1,2},{3,4}}"), &kept)
	fmt.Println("as pgtype.Array:", kept.Elements, kept.Dims, err)
}
GO
go get github.com/jackc/pgx/v5@v5.9.0 > go.log 2>&1 || { cat go.log; exit 1; }
go run . | tee seen
diff seen - <<'SEEN' || { echo "changed: arrays or JSON are decoded otherwise than they were"; exit 1; }
_int4 {1,2,3,4} is [1 2 3 4] <nil>
_int4 {{1,2},{3,4}} is [1 2 3 4] <nil>
_int4 [0:1]={1,2} is [1 2] <nil>
_text {{a,b,c},{d,e,f}} is [a b c d e f] <nil>
_text {{a,b},{c,d},{e,f}} is [a b c d e f] <nil>
_jsonb {"null",NULL} is [<nil> <nil>] <nil>
jsonb {"a": 12345678901234567890} is map[a:1.2345678901234567e+19] <nil>
as pgtype.Array: [1 2 3 4] [{2 1} {2 1}] <nil>
SEEN
echo "as described"
