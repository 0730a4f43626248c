#!/bin/sh
# Starts the router once, routes to nobody and ends: what it loaded becomes /opt/presage/router.aot. Runs while the image is built.
set -eu
work=$(mktemp -d)
printf 'endpoints: [{name: a, address: 127.0.0.1, port: "9"}]\n' > "$work/endpoints.yaml"
PRESAGE_JAVA_OPTS="-XX:AOTCacheOutput=/opt/presage/router.aot" presage epp --bind-address=127.0.0.1 --grpc-port=0 --grpc-health-port=0 \
  --metrics-port=0 --drain-timeout=0s --endpoints-file="$work/endpoints.yaml" --data-dir="$work/data" > "$work/log" 2>&1 &
router=$!
tries=0
until grep -q 'serving ext_proc' "$work/log"; do
  tries=$((tries + 1))
  [ $tries -le 600 ] && kill -0 $router 2>/dev/null || { cat "$work/log" >&2; exit 1; }
  sleep 0.1
done
kill -TERM $router
wait $router || true
[ -s /opt/presage/router.aot ] || { cat "$work/log" >&2; exit 1; }
rm -rf "$work"
