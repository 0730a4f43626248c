#!/bin/sh
# Fills DIR from a build with what the image takes: DIR/presage (assemble.sh, the bill of materials, the router's cache of linked
# classes) and DIR/jre (a JVM of just the modules in use). Needs a JDK 25: JAVA_HOME or the PATH's.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
out=$1
jlink=${JAVA_HOME:+$JAVA_HOME/bin/}jlink
"$here/assemble.sh" "$out/presage"
cp "$here/../../target/bom.json" "$out/presage/sbom.json"
rm -rf "$out/jre"
"$jlink" --output "$out/jre" --strip-debug --no-header-files --no-man-pages --compress zip-0 --generate-cds-archive --add-modules \
java.se,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.zipfs
# One start with a fleet, a model and requests is recorded: what it loads and links, the next ones find.
record=$out/record
printf '%s\n' -XX:AOTMode=record "-XX:AOTConfiguration=$record.conf" > "$record"
PRESAGE_BUILD=never "$here/../../presage" bench start --repeats 0 --launcher \
  "env PATH=$out/jre/bin:/usr/bin:/bin PRESAGE_HOME=$out/presage PRESAGE_JAVA_OPTS=@$record $out/presage/bin/presage"
PATH=$out/jre/bin:/usr/bin:/bin PRESAGE_HOME=$out/presage \
  PRESAGE_JAVA_OPTS="-XX:AOTMode=create -XX:AOTConfiguration=$record.conf -XX:AOTCache=$out/presage/router.aot" "$out/presage/bin/presage" epp
rm "$record" "$record.conf"
