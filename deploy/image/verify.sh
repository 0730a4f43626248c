#!/usr/bin/env bash
# Builds the image from this build (mvn package) and runs the whole product from it (ImageIT, by Testcontainers): at the end the
# model decides. Uses the Docker daemon of DOCKER_HOST; as root it starts Debian's own where there is none. Needs no image registry: the
# base is made of this machine's shell, C library and JDK. Where one can be reached, Kafka is Apache's image.
#   --starts N    measures N cold starts of the router's container, too
set -euo pipefail
home=$(cd "$(dirname "$0")/../.." && pwd)
here=$home/deploy/image
starts=0
[ "${1:-}" != --starts ] || starts=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/presage-image.XXXXXX")
fail() { echo "image: $*" >&2; exit 1; }
pids=()
finish() {
  status=$?
  [ $status = 0 ] || for log in "$work"/*.log; do echo "== $log" >&2; tail -n 15 "$log" >&2; done
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
  umount "$work"/exec/netns/* 2>/dev/null || true # the daemon's leaves it mounted
  rm -rf "$work" || true
  exit $status
}
trap finish EXIT
await() { # what, seconds, command...
  local what=$1 end=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || fail "$what did not come"
    sleep 0.5
  done
}

kafka=
if docker info >/dev/null 2>&1; then
  # Its container needs a network of its own, which our daemon does not have.
  timeout 60 docker pull -q apache/kafka:4.3.1 >/dev/null 2>&1 && kafka=apache/kafka:4.3.1
else
  tools=$HOME/.cache/presage/docker
  if [ ! -x "$tools/usr/sbin/dockerd" ]; then
    mkdir -p "$work/debs"
    (cd "$work/debs" && { apt-get download -q docker.io containerd runc || { apt-get update -q && apt-get download -q docker.io containerd runc; }; }) >/dev/null 2>&1
    for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$tools"; done
  fi
  export PATH=$tools/usr/bin:$tools/usr/sbin:$PATH
  # No bridge and no packet filter: the containers use the machine's own network.
  dockerd --iptables=false --ip6tables=false --bridge=none --data-root "$work/data" --exec-root "$work/exec" \
    --pidfile "$work/dockerd.pid" -H "unix://$work/sock" > "$work/dockerd.log" 2>&1 &
  pids+=($!)
  export DOCKER_HOST=unix://$work/sock
  await "the Docker daemon" 60 docker info
fi

jdk=${JAVA_HOME:-$(ls -d /usr/lib/jvm/*25* | head -n 1)}
[ -f "$home/target/bom.json" ] ||
  JAVA_HOME=$jdk mvn -B -q -ntp -f "$home/pom.xml" org.cyclonedx:cyclonedx-maven-plugin:makeAggregateBom > "$work/bom.log" 2>&1
mkdir -p "$work/dist/opt" "$work/base/bin" "$work/base/usr/bin" "$work/base/etc" "$work/base/tmp"
JAVA_HOME=$jdk "$here/dist.sh" "$work/dist/opt" > "$work/dist.log" 2>&1
chmod 1777 "$work/base/tmp"
for program in sh sleep grep mktemp rm cat; do cp "$(readlink -f "$(command -v $program)")" "$work/base/usr/bin/$program"; done
cp "$work/base/usr/bin/sh" "$work/base/bin/sh"
{ for file in "$work"/base/usr/bin/* "$jdk/lib/server/libjvm.so" "$jdk/bin/java"; do ldd "$file" || true; done
  for library in libstdc++.so.6 libgcc_s.so.1 libgomp.so.1 libnss_files.so.2; do { ldconfig -p || true; } | grep "$library (.*x86-64" || true; done; } |
  grep -o '/[^ ]*\.so[^ ]*' | grep -v "^$jdk" | sort -u | while read -r library; do cp -L --parents "$library" "$work/base"; done
echo 'hosts: files dns' > "$work/base/etc/nsswitch.conf"
tar -c -C "$work/base" . | docker import - presage-base:local >/dev/null
tar -c -C "$work/dist" . | docker import - presage-dist:local >/dev/null
rm -rf "$work/base" "$work/dist"
for target in router presage; do
  tag=presage:local
  [ $target = presage ] || tag=presage-$target:local
  DOCKER_BUILDKIT=1 docker build -q --network=host --build-arg DIST=presage-dist:local --build-arg BASE=presage-base:local \
    --target $target -f "$home/deploy/Dockerfile" -t $tag "$here" >> "$work/build.log" 2>&1
done
docker image ls | grep -E 'REPOSITORY|^presage'
docker history --format '{{.Size}}	{{.CreatedBy}}' presage:local | cut -c 1-110

# Testcontainers' own helper containers need images of a registry.
export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1 TESTCONTAINERS_CHECKS_DISABLE=true
export PRESAGE_IMAGE=presage:local
[ -z "$kafka" ] || export PRESAGE_KAFKA_IMAGE=$kafka
JAVA_HOME=$jdk mvn -B -q -ntp -Dspotless.check.skip -f "$home/pom.xml" \
  -pl testbed -am test-compile failsafe:integration-test failsafe:verify -Dit.test=ImageIT -Dfailsafe.failIfNoSpecifiedTests=false
echo "image: learned from its own traffic"

if [ "$starts" -gt 0 ]; then
  mkdir "$work/starts"
  chmod 755 "$work" "$work/starts"
  PRESAGE_BUILD=never "$home/presage" bench start --repeats "$starts" --directory "$work/starts" --launcher \
    "docker run --rm --network=host --read-only --cap-drop=ALL --tmpfs /tmp:exec,mode=1777 -v $work/starts:$work/starts presage:local"
fi
