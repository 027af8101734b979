#!/bin/sh
# fetch.sh LIST FOLDER: fetches each file of LIST and unpacks it into FOLDER/name. A line of LIST has a name, coordinates, packaging and SHA-256.
# The build ends when a file has another SHA-256.
set -eu
list=$1 folder=$2
mkdir -p "$folder"
while read -r name coordinates packaging sha256; do
  fetched=$(mktemp -d)
  mvn --batch-mode --no-transfer-progress org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    -Dartifact="$coordinates" -DoutputDirectory="$fetched" </dev/null
  file=$(find "$fetched" -type f)
  came=$(sha256sum <"$file" | cut -d' ' -f1)
  if [ "$came" != "$sha256" ]; then
    echo "cdc:connectPlugins: $coordinates came with sha256:$came, and sha256:$sha256 is declared." >&2
    echo "Look at what its publisher says. If that is what came, declare it; else do not use it." >&2
    exit 1
  fi
  mkdir "$folder/$name"
  case $packaging in
    tar.gz) tar --extract --gzip --no-same-owner --directory "$folder/$name" --file "$file" ;;
    zip) (cd "$folder/$name" && jar --extract --file "$file") ;;
    jar) cp "$file" "$folder/$name/" ;;
  esac
  rm -r "$fetched"
done <"$list"
