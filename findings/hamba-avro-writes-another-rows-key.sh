#!/usr/bin/env bash
# Package:  github.com/hamba/avro/v2 v2.31.0 (Go), the usual reader and writer of Avro, beside github.com/twmb/avro v1.9.1.
# Input:    rows written under a schema as Debezium has it for integer, numeric(10,2) and date with time.precision.mode=connect: a Go int
#           beyond 32 bits as the key, an amount of three places, days as the midnight of their own zone, and moments of days before 1970.
# Guess:    what the schema has no room for is refused, as too many digits before the point are, and an int64; a day is the day that the
#           time.Time says.
# Found:    a Go int keeps its lowest 32 bits: the key 4294967297 is 1, another row's, also in a union with null. The third place is cut.
#           A day's midnight east of Greenwich is the day before, and a moment before 1970 that is no midnight UTC is the day after,
#           so that 1969-12-31 at noon is 1970-01-01. Nothing is refused. twmb/avro refuses the first two, and has all days right.
# Way out:  int32 or int64 in the structure, of which the latter is refused; amounts rounded and days made midnights UTC beforehand.
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
	"time"

	hamba "github.com/hamba/avro/v2"
	twmb "github.com/twmb/avro"
)

const (
	key    = `{"type":"int"}`
	opened = `["null","int"]`
	amount = `{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}`
	day    = `{"type":"int","logicalType":"date"}`
)

func main() {
	berlin := time.FixedZone("+01", 3600)
	for _, row := range []struct {
		schema string
		value  any
	}{
		{key, 4294967297},
		{opened, 4294967297},
		{key, int64(4294967297)},
		{amount, big.NewRat(1239, 1000)},
		{amount, big.NewRat(123456789012, 1)},
		{day, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
		{day, time.Date(2026, 1, 1, 0, 0, 0, 0, berlin)},
		{day, time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC)},
		{day, time.Date(1969, 12, 31, 12, 0, 0, 0, time.UTC)},
	} {
		fmt.Printf("%T %s\n", row.value, shown(row.value))
		var read any
		schema := hamba.MustParse(row.schema)
		data, err := hamba.Marshal(schema, row.value)
		if err == nil {
			err = hamba.Unmarshal(schema, data, &read)
		}
		fmt.Println("  hamba:", result(read, err))
		read = nil
		data, err = twmb.MustParse(row.schema).Encode(row.value)
		if err == nil {
			_, err = twmb.MustParse(row.schema).Decode(data, &read)
		}
		fmt.Println("  twmb:", result(read, err))
	}
}

func result(read any, err error) string {
	if err != nil {
		return "refused"
	}
	return shown(read)
}

func shown(value any) string {
	switch value := value.(type) {
	case *big.Rat:
		return value.FloatString(3)
	case time.Time:
		return value.Format("2006-01-02 15:04 -07")
	}
	return fmt.Sprint(value)
}
GO
go get github.com/hamba/avro/v2@v2.31.0 github.com/twmb/avro@v1.9.1 > go.log 2>&1 || { cat go.log; exit 1; }
go run . | tee seen
diff seen - <<'SEEN' || { echo "changed: keys, amounts or days are written otherwise than they were"; exit 1; }
int 4294967297
  hamba: 1
  twmb: refused
int 4294967297
  hamba: 1
  twmb: refused
int64 4294967297
  hamba: refused
  twmb: refused
*big.Rat 1.239
  hamba: 1.230
  twmb: refused
*big.Rat 123456789012.000
  hamba: refused
  twmb: refused
time.Time 2026-01-01 00:00 +00
  hamba: 2026-01-01 00:00 +00
  twmb: 2026-01-01 00:00 +00
time.Time 2026-01-01 00:00 +01
  hamba: 2025-12-31 00:00 +00
  twmb: 2026-01-01 00:00 +00
time.Time 1969-12-31 00:00 +00
  hamba: 1969-12-31 00:00 +00
  twmb: 1969-12-31 00:00 +00
time.Time 1969-12-31 12:00 +00
  hamba: 1970-01-01 00:00 +00
  twmb: 1969-12-31 00:00 +00
SEEN
echo "as described"
