#!/bin/sh
# Formats the folder of a broker that keeps its metadata itself (KRaft), once: what Kafka's own tool made of an empty folder in the
# image's build, under a name of the cluster's own. Run by that tool it would take each first start a JVM more.
set -eu
data=/kafka/data
[ ! -e "$data/meta.properties" ] || exit 0
# As Kafka writes one: 16 random bytes.
cluster=$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c 1-22)
cp -R /kafka/formatted/. "$data"
# The folder counts as formatted once this file is there.
sed "s/^cluster\.id=.*/cluster.id=$cluster/" "$data/meta.properties.made" > "$data/meta.properties.new"
rm "$data/meta.properties.made"
mv "$data/meta.properties.new" "$data/meta.properties"
