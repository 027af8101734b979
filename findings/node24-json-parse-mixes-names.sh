#!/usr/bin/env bash
# Program:  Node.js 24.21.0 (V8 13.6). 22.23.3 and 20.20.2 do not do it.
# Input:    two JSON texts, one after the other: {"op":1,"\\":1}, whose second name is a backslash, and {"op":1,"\"":2}, whose
#           second name is a quote.
# Guess:    JSON.parse reads each text by itself.
# Found:    the second object's name becomes a backslash, too. The first text has taught V8 to expect the name \ after "op"; it
#           compares that with the raw text, finds the \ of the escaped quote, and takes the quote for the end of the name. So a
#           name that ends in \ hides one that has a quote in that place, in every object of the same shape that is parsed later.
# Needs npm. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > look.js <<'JS'
JSON.parse('{"op":1,"\\\\":1}');
console.log(JSON.stringify(JSON.parse('{"op":1,"\\"":2}')));
JS
echo '{}' > package.json
for version in 22.23.3 24.21.0; do
  npm install --silent --no-audit --no-fund "node@$version" > npm.log 2>&1 || { cat npm.log; exit 1; }
  echo "$version $(node_modules/node/bin/node look.js)"
done | tee seen
diff seen - <<'SEEN' || { echo "changed: JSON.parse reads names otherwise than it did"; exit 1; }
22.23.3 {"op":1,"\"":2}
24.21.0 {"op":1,"\\":2}
SEEN
echo "as described"
