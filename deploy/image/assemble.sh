#!/bin/sh
# Lays out what an image holds, from a build (mvn package): deploy/image/assemble.sh DIR
#   lib/shared    third-party jars of every subcommand      lib/learning  those of trainer, join and broker alone: the natives
#   lib/own       Presage                                   bin/presage   the entry point
set -eu
home=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
out=$1
rm -rf "$out/lib" # jars of another version
mkdir -p "$out/lib/shared" "$out/lib/learning" "$out/lib/own" "$out/bin"
tr ':' '\n' < "$home/testbed/target/classpath.txt" | while read -r jar || [ -n "$jar" ]; do
  case ${jar##*/} in
    xgboost4j*|rocksdbjni*|scala-*|kafka_2.13*|tribuo-*) cp "$jar" "$out/lib/learning/" ;;
    progressbar*) ;; # the testbed's
    *) cp "$jar" "$out/lib/shared/" ;;
  esac
done
for module in feature-pipeline model-store router trainer; do
  cp "$home/$module/target/$module"-*[0-9T].jar "$out/lib/own/"
done
cp "$home/deploy/image/presage" "$out/bin/presage"
# A fixed order: the cache of linked classes is good for exactly this class path. The entry point reads it as shell.
classpath() {
  name=$1
  shift
  paths=$(for dir in "$@"; do find "$out/lib/$dir" -name '*.jar' | sed "s|^$out/|\$home/|" | LC_ALL=C sort; done | paste -s -d : -)
  echo "classpath=$paths" > "$out/lib/$name.classpath"
}
classpath router own shared
classpath all own shared learning
