#!/bin/sh
# format.sh [CLUSTER NODE]: formats the folder of a broker that keeps its metadata itself (KRaft), once: what Kafka's own tool made of
# empty folders in the image's build, under the cluster's id and the broker's. Run by that tool it would take each first start a JVM more.
# Without the two it is the only broker, of a cluster with a random id. Node 1 begins the cluster, and the others join what it leads.
set -eu
data=/kafka/data
[ ! -e "$data/meta.properties" ] || exit 0
# As Kafka writes an id: 16 random bytes, of which none begins with a dash.
random() { head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c 1-22 | sed 's/^-/A/'; }
cluster=${1:-$(random)} node=${2:-1}
made=/kafka/formatted/further directory=$(random)
if [ "$node" = 1 ]; then
  # The first one's folder has its id in what it holds: as the only voter.
  made=/kafka/formatted/first
  directory=$(sed -n 's/^directory\.id=//p' "$made/meta.properties.made")
fi
cp -R "$made/." "$data"
# The folder counts as formatted once this file is there, which is when all else is on the disk: the broker syncs what it writes itself, and
# after a power cut does not start in a folder that lacks a part of this.
sed "s/^cluster\.id=.*/cluster.id=$cluster/; s/^node\.id=.*/node.id=$node/; s/^directory\.id=.*/directory.id=$directory/" \
  "$data/meta.properties.made" > "$data/meta.properties.new"
rm "$data/meta.properties.made"
# But for what is not ours, as `lost+found`.
find "$data" ! -readable -prune -o -exec sync {} +
mv "$data/meta.properties.new" "$data/meta.properties"
sync "$data"
