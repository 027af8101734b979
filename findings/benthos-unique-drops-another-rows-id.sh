#!/usr/bin/env bash
# Package:  github.com/redpanda-data/benthos/v4 v4.60.0 (Go), the engine of Redpanda Connect, with its mapping language.
# Input:    a message with bigint ids beyond 2^53, as snowflake ids are, and a JSON column, which Debezium writes as a text.
# Guess:    numbers keep their digits, as they do where a mapping only passes them on, and two ids are two, as == says.
# Found:    it depends on the function. unique() takes two neighbouring ids for one and drops the second. match takes an id for the case of
#           another one, sort_by leaves them in the wrong order, and max gives the smaller of two. parse_json, and number(), round an id to
#           another row's: 9007199254740993 is 9007199254740992, and an amount of 30 digits keeps 17. ==, >, contains, string() and what is
#           passed on are right. Nothing is an error.
# Way out:  parse_json(use_number: true); unique(x -> x.string()); match with conditions (this.id == …).
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

	"github.com/redpanda-data/benthos/v4/public/bloblang"
	_ "github.com/redpanda-data/benthos/v4/public/components/pure"
	"github.com/redpanda-data/benthos/v4/public/service"
)

const message = `{"id":9007199254740993,"other":9007199254740992,"ids":[9007199254740992,9007199254740993],` +
	`"rows":[{"id":9007199254740993},{"id":9007199254740992}],"amount":12345678901234567890.0123456789,` +
	`"document":"{\"id\":9007199254740993,\"amount\":12345678901234567890.0123456789}"}`

func main() {
	for _, mapping := range []string{
		`this.id`, `this.amount`, `this.id == this.other`, `this.id > this.other`, `this.ids.contains(9007199254740993)`, `this.id.string()`,
		`this.ids.unique()`, `this.ids.unique(x -> x.string())`,
		`match this.id { 9007199254740992 => "another row's case", _ => "no case" }`,
		`match { this.id == 9007199254740992 => "another row's case", _ => "no case" }`,
		`this.rows.sort_by(row -> row.id)`, `this.ids.max()`, `this.id.number()`,
		`this.document.parse_json()`, `this.document.parse_json(use_number: true)`,
	} {
		parsed, err := bloblang.Parse("root = " + mapping)
		if err != nil {
			panic(err)
		}
		result, err := service.NewMessage([]byte(message)).BloblangQuery(parsed)
		if err != nil {
			panic(err)
		}
		text, err := result.AsBytes()
		fmt.Println(mapping, "gives", string(text), err)
	}
}
GO
benthos=github.com/redpanda-data/benthos/v4/public
go get "$benthos/service@v4.60.0" "$benthos/bloblang@v4.60.0" "$benthos/components/pure@v4.60.0" > go.log 2>&1 || { cat go.log; exit 1; }
go run . | tee seen
diff seen - <<'SEEN' || { echo "changed: large numbers are treated otherwise than they were"; exit 1; }
this.id gives 9007199254740993 <nil>
this.amount gives 12345678901234567890.0123456789 <nil>
this.id == this.other gives false <nil>
this.id > this.other gives true <nil>
this.ids.contains(9007199254740993) gives true <nil>
this.id.string() gives 9007199254740993 <nil>
this.ids.unique() gives [9007199254740992] <nil>
this.ids.unique(x -> x.string()) gives [9007199254740992,9007199254740993] <nil>
match this.id { 9007199254740992 => "another row's case", _ => "no case" } gives another row's case <nil>
match { this.id == 9007199254740992 => "another row's case", _ => "no case" } gives no case <nil>
this.rows.sort_by(row -> row.id) gives [{"id":9007199254740993},{"id":9007199254740992}] <nil>
this.ids.max() gives 9007199254740992 <nil>
this.id.number() gives 9007199254740992 <nil>
this.document.parse_json() gives {"amount":12345678901234567000,"id":9007199254740992} <nil>
this.document.parse_json(use_number: true) gives {"amount":12345678901234567890.0123456789,"id":9007199254740993} <nil>
SEEN
echo "as described"
