#!/bin/sh
# format.sh [CLUSTER NODE]: formats the folder of a broker that uses KRaft, once. When the image is built, Kafka's own tool formats empty
# folders. This copies one of them and sets the ids of cluster and broker. To run that tool instead would take one more JVM at each first start.
# Without arguments, the broker is the only one of a cluster with a random id. Node 1 begins the cluster, and the others join it.
set -eu
data=/kafka/data
[ ! -e "$data/meta.properties" ] || exit 0
# An id as Kafka writes it: 16 random bytes in base64 for URLs, and no dash at the beginning.
random() { head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c 1-22 | sed 's/^-/A/'; }
cluster=${1:-$(random)} node=${2:-1}
made=/kafka/formatted/further directory=$(random)
if [ "$node" = 1 ]; then
  # The metadata in the first broker's folder names the id of that folder, as the only voter's.
  made=/kafka/formatted/first
  directory=$(sed -n 's/^directory\.id=//p' "$made/meta.properties.made")
fi
cp -R "$made/." "$data"
# A folder with this file counts as formatted, so the file comes last, when all others are on the disk. The broker syncs what it writes itself.
# But after a power cut, it would not start in a folder that lacks some of the copied files.
sed "s/^cluster\.id=.*/cluster.id=$cluster/; s/^node\.id=.*/node.id=$node/; s/^directory\.id=.*/directory.id=$directory/" \
  "$data/meta.properties.made" > "$data/meta.properties.new"
rm "$data/meta.properties.made"
# Leaves out folders of others, such as `lost+found`.
find "$data" ! -readable -prune -o -exec sync {} +
mv "$data/meta.properties.new" "$data/meta.properties"
sync "$data"
