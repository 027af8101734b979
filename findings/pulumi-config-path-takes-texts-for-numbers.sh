#!/usr/bin/env bash
# Package:  github.com/pulumi/pulumi/sdk/v3 v3.274.1 (Go): config.Map.Set, by which `pulumi config set` writes a stack's settings.
# Input:    texts that consist of digits, with --path: telephone numbers, codes with a sign, identifiers of 16 to 20 digits.
# Guess:    a text stays the text that was typed, as it does without --path; 007 is kept, so somebody thought of such texts.
# Found:    a leading zero keeps a text and a sign does not: +15550100 is written as the number 15550100, +0010 as 10 and -05 as -5. From 2^63
#           to below 2^64 a number goes through a float: 12345678901234567890 becomes 12345678901234567000. What is larger, or has a point,
#           stays a text with all its digits. So what a program reads hangs on the length of an identifier, and nothing is refused.
# Way out:  pulumi config set --path --type string, or one setting for each value without --path.
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
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
)

func written(name string, value config.Value, path bool) string {
	settings := config.Map{}
	if err := settings.Set(config.MustMakeKey("look", name), value, path); err != nil {
		return err.Error()
	}
	text, err := json.Marshal(settings)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func main() {
	for _, text := range []string{
		"+15550100", "+0010", "-05", "007", "9007199254740993", "9223372036854775807", "9223372036854775809", "12345678901234567890",
		"18446744073709551616", "123456789012345678901", "1.10",
	} {
		fmt.Println(text, "by a path", written("a.b", config.NewValue(text), true))
	}
	for _, text := range []string{"+15550100", "12345678901234567890"} {
		fmt.Println(text, "without a path", written("a", config.NewValue(text), false))
		fmt.Println(text, "by a path with the type string", written("a.b", config.NewTypedValue(text, config.TypeString), true))
	}
}
GO
go get github.com/pulumi/pulumi/sdk/v3/go/common/resource/config@v3.274.1 > go.log 2>&1 || { cat go.log; exit 1; }
go run . | tee seen
diff seen - <<'SEEN' || { echo "changed: a text of digits is written otherwise than it was"; exit 1; }
+15550100 by a path {"look:a":{"b":15550100}}
+0010 by a path {"look:a":{"b":10}}
-05 by a path {"look:a":{"b":-5}}
007 by a path {"look:a":{"b":"007"}}
9007199254740993 by a path {"look:a":{"b":9007199254740993}}
9223372036854775807 by a path {"look:a":{"b":9223372036854775807}}
9223372036854775809 by a path {"look:a":{"b":9223372036854776000}}
12345678901234567890 by a path {"look:a":{"b":12345678901234567000}}
18446744073709551616 by a path {"look:a":{"b":"18446744073709551616"}}
123456789012345678901 by a path {"look:a":{"b":"123456789012345678901"}}
1.10 by a path {"look:a":{"b":"1.10"}}
+15550100 without a path {"look:a":"+15550100"}
+15550100 by a path with the type string {"look:a":{"b":"+15550100"}}
12345678901234567890 without a path {"look:a":"12345678901234567890"}
12345678901234567890 by a path with the type string {"look:a":{"b":"12345678901234567890"}}
SEEN
echo "as described"
