#!/usr/bin/env bash
# Package:  github.com/jackc/pgx/v5 v5.9.0 (Go): pgtype, with which rows.Values() and readers of logical replication decode a
#           row's values by the type's oid.
# Input:    infinite dates and timestamps as Postgres sends them, decoded and then written as JSON, as for a topic or a document.
# Guess:    "infinity", as pgtype's own Timestamptz and Date write it; or an error, as Go's JSON has for the infinite float.
# Found:    the number 1, and -1 for minus infinity, with no error: what is decoded is a pgtype.InfinityModifier, an int8 that
#           prints as "infinity" in a log and has no form of its own in JSON. A reader takes 1 for a moment after 1970.
# Way out:  scan into pgtype.Timestamptz, pgtype.Timestamp or pgtype.Date; or look for pgtype.InfinityModifier before writing.
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
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"
)

func asJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func main() {
	types := pgtype.NewMap()
	for _, value := range [][2]string{
		{"timestamptz", "infinity"}, {"timestamp", "-infinity"}, {"date", "infinity"}, {"date", "2026-02-03"}, {"float8", "Infinity"},
	} {
		kind, known := types.TypeForName(value[0])
		if !known {
			panic(value[0])
		}
		decoded, err := kind.Codec.DecodeValue(types, kind.OID, pgtype.TextFormatCode, []byte(value[1]))
		fmt.Println(value[0], value[1], "prints as", decoded, err, "and is in JSON", asJSON(decoded))
	}
	var scanned pgtype.Timestamptz
	err := types.Scan(pgtype.TimestamptzOID, pgtype.TextFormatCode, []byte("infinity"), &scanned)
	fmt.Println("as pgtype.Timestamptz in JSON", asJSON(scanned), err)
}
GO
go get github.com/jackc/pgx/v5@v5.9.0 > go.log 2>&1 || { cat go.log; exit 1; }
go run . | tee seen
diff seen - <<'SEEN' || { echo "changed: infinite dates are written otherwise than they were"; exit 1; }
timestamptz infinity prints as infinity <nil> and is in JSON 1
timestamp -infinity prints as -infinity <nil> and is in JSON -1
date infinity prints as infinity <nil> and is in JSON 1
date 2026-02-03 prints as 2026-02-03 00:00:00 +0000 UTC <nil> and is in JSON "2026-02-03T00:00:00Z"
float8 Infinity prints as +Inf <nil> and is in JSON json: unsupported value: +Inf
as pgtype.Timestamptz in JSON "infinity" <nil>
SEEN
echo "as described"
