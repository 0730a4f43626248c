#!/usr/bin/env bash
# Builds the image from this build (mvn package) and runs the whole product from it, as a cluster would: every container without
# root, with a read-only root file system. Clients are simulated engines and Envoy on this machine; at the end the model decides.
# Uses the Docker daemon of DOCKER_HOST; as root it starts Debian's own where there is none. Needs no image registry: the base is
# made of this machine's shell, C library and JDK.
set -euo pipefail
home=$(cd "$(dirname "$0")/../.." && pwd)
here=$home/deploy/image
work=$(mktemp -d "${TMPDIR:-/tmp}/presage-image.XXXXXX")
fail() { echo "image: $*" >&2; exit 1; }
ids=()
pids=()
finish() {
  status=$?
  if [ $status != 0 ]; then
    for id in "${ids[@]}"; do echo "== $id" >&2; docker logs --tail 15 "$id" >&2 || true; done
    for log in "$work"/*.log; do echo "== $log" >&2; tail -n 15 "$log" >&2; done
  fi
  [ ${#ids[@]} = 0 ] || docker rm -f "${ids[@]}" >/dev/null 2>&1 || true
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

if ! docker info >/dev/null 2>&1; then
  tools=$HOME/.cache/presage/docker
  if [ ! -x "$tools/usr/sbin/dockerd" ]; then
    mkdir -p "$work/debs"
    (cd "$work/debs" && { apt-get download -q docker.io containerd runc || { apt-get update -q && apt-get download -q docker.io containerd runc; }; }) >/dev/null 2>&1
    for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$tools"; done
  fi
  export PATH=$tools/usr/bin:$tools/usr/sbin:$PATH
  # No bridge and no packet filter: the containers use the machine's own network.
  dockerd --iptables=false --ip6tables=false --bridge=none --storage-driver=vfs --data-root "$work/data" --exec-root "$work/exec" \
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
DOCKER_BUILDKIT=1 docker build -q --network=host --build-arg DIST=presage-dist:local --build-arg BASE=presage-base:local \
  -f "$home/deploy/Dockerfile" -t presage:local "$here" > "$work/build.log" 2>&1
docker image ls presage

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
kafka=127.0.0.1:$(free_port)
models=http://127.0.0.1:$(free_port)
grpc=$(free_port)
health=$(free_port)
metrics=$(free_port)
door=$(free_port)
admin=$(free_port)
engine=$((20000 + RANDOM % 10000))
printf 'endpoints:\n- {name: a, address: 127.0.0.1, port: "%d"}\n- {name: b, address: 127.0.0.1, port: "%d"}\n' "$engine" $((engine + 1)) > "$work/endpoints.yaml"
cat > "$work/epp.yaml" <<'YAML'
apiVersion: llm-d.ai/v1alpha1
kind: EndpointPickerConfig
plugins:
- type: file-discovery
  parameters: {path: /config/endpoints.yaml, watchFile: true}
dataLayer: {discovery: {pluginRef: file-discovery}}
YAML
chmod 755 "$work"
run() { # name, arguments...
  local name=$1
  shift
  ids+=("$(docker run -d --network=host --read-only --cap-drop=ALL --security-opt=no-new-privileges \
    --tmpfs /tmp:exec,mode=1777 --tmpfs /data:mode=0777 -v "$work:/config:ro" presage:local "$@")")
  eval "$name=${ids[-1]}"
}
run broker broker --data-dir /data --port "${kafka##*:}"
PRESAGE_BUILD=never "$home/presage" engine --profile h100-llama-2-70b-hf-tp8 --port "$engine" --count 2 --model sim --speedup 10 > "$work/engine.log" 2>&1 &
pids+=($!)
run store store --dir /data/store --port "${models##*:}" --bootstrap-servers "$kafka"
run join pipeline --state-dir /data/join --bootstrap-servers "$kafka"
run trainer train --bootstrap-servers "$kafka" --store "$models" --pool chat
# No subcommand: as a deployment of llm-d's picker has it, with that picker's arguments.
run router --pool-name chat --zap-encoder json --config-file /config/epp.yaml --grpc-port "$grpc" --grpc-health-port "$health" \
  --metrics-port "$metrics" --v=4 --tracing=false --metrics-endpoint-auth=false \
  --data-dir /data --bootstrap-servers "$kafka" --model-store "$models"
logs() { docker logs "$1" 2>&1 | grep -q "$2"; }
await "the router" 120 logs "$router" "serving ext_proc"
envoy=${ENVOY_PATH:-$(command -v envoy || echo "$HOME/.cache/presage/envoy/1.40.0/envoy")}
sed "s/port_value: 9901/port_value: $admin/; s/port_value: 8080/port_value: $door/; s/port_value: 9002/port_value: $grpc/" \
  "$home/deploy/examples/envoy.yaml" > "$work/envoy.yaml"
"$envoy" -c "$work/envoy.yaml" --concurrency 1 -l warn > "$work/envoy.log" 2>&1 &
pids+=($!)
await "the engines" 60 curl -fs "http://127.0.0.1:$engine/health"
await "the join" 120 logs "$join" .
PRESAGE_BUILD=never "$home/presage" load --url "http://127.0.0.1:$door" --model sim --requests 4000 --rate 10 > "$work/load.log" 2>&1 &
pids+=($!)
await "a model" 240 logs "$trainer" "champion is now"
learned() { curl -fs "http://127.0.0.1:$metrics/metrics" | grep -E '^presage_decisions_total\{.*policy="learned".* [1-9]'; }
await "a learned decision" 120 learned
! curl -fs "http://127.0.0.1:$metrics/metrics" | grep -E '^llm_d_epp_request_error_total.* [1-9]' || fail "requests failed"
[ "$(docker inspect -f '{{.Config.User}}' "$router")" = 65532:65532 ] || fail "the router does not run as 65532"
echo "image: learned from its own traffic; $(learned | head -n 1)"
