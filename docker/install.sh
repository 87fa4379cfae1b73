#!/bin/sh
# Installs what one workspace needs to run, from the lock file, and writes its bill of materials. Used while building.
set -eu
workspace=$1

npm ci --omit=dev --ignore-scripts --workspace "$workspace"

# ONNX Runtime brings its libraries for every system: 290 MB, of which one part in six is used.
libraries=node_modules/onnxruntime-node/bin/napi-v6
own=$(node -p '`${process.platform}/${process.arch}`')
for folder in "$libraries"/*/*; do
  [ "$folder" = "$libraries/$own" ] || rm -rf "$folder"
done

npm sbom --package-lock-only --omit=dev --workspace "$workspace" --sbom-format cyclonedx >sbom.json
test -s sbom.json
