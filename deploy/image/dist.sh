#!/bin/sh
# Fills DIR with what the image takes, from a build: DIR/presage (assemble.sh, the bill of materials) and DIR/jre (a JVM of just the
# modules in use). Needs a JDK 25: JAVA_HOME or the PATH's.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
out=$1
jlink=${JAVA_HOME:+$JAVA_HOME/bin/}jlink
"$here/assemble.sh" "$out/presage"
cp "$here/train-aot.sh" "$out/presage/bin/"
cp "$here/../../target/bom.json" "$out/presage/sbom.json"
rm -rf "$out/jre"
"$jlink" --output "$out/jre" --strip-debug --no-header-files --no-man-pages --compress zip-0 --generate-cds-archive --add-modules \
java.se,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.zipfs
