#!/usr/bin/env bash
# Package:  pg8000 1.31.6 (PyPI), the driver of SQLAlchemy's postgresql+pg8000 and of cloud connectors.
# Input:    values of type inet: an address, and addresses with the length of their network.
# Guess:    10.0.0.7/24 comes as an IPv4Interface, which is an address with its network, or as text.
# Found:    it comes as an IPv4Network, 10.0.0.0/24: the host is gone without an error, and two hosts of one network are equal.
#           Written back, the database holds the network. So it is with IPv6. An address without a length is whole.
# Way out:  read host(…) and masklen(…), or the column as text.
# Needs Python 3.10 or newer with venv. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python > venv.log 2>&1 || { cat venv.log; exit 1; }
python/bin/pip install --quiet pg8000==1.31.6 > pip.log 2>&1 || { cat pip.log; exit 1; }
cat > look.py <<'PYTHON'
from pg8000.converters import INET, PG_TYPES

read = PG_TYPES[INET]
for text in ["10.0.0.7", "10.0.0.7/24", "fe80::7/64"]:
    print(text, "is", repr(read(text)))
print("two hosts are equal:", read("10.0.0.7/24") == read("10.0.0.9/24"))
PYTHON
python/bin/python look.py | tee seen
diff seen - <<'SEEN' || { echo "changed: addresses are read otherwise than they were"; exit 1; }
10.0.0.7 is IPv4Address('10.0.0.7')
10.0.0.7/24 is IPv4Network('10.0.0.0/24')
fe80::7/64 is IPv6Network('fe80::/64')
two hosts are equal: True
SEEN
echo "as described"
