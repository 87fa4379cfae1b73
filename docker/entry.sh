#!/bin/sh
# NAME_FILE=/path gives the variable NAME the content of that file, then the program takes over as process 1.
set -eu

for name in $(env | sed -n 's/^\([A-Z][A-Z0-9_]*\)_FILE=.*/\1/p'); do
  eval "path=\${${name}_FILE}"
  [ -n "$path" ] || {
    unset "${name}_FILE"
    continue
  }
  [ -r "$path" ] || {
    echo "${name}_FILE: $path cannot be read." >&2
    exit 1
  }
  value=$(cat "$path")
  export "$name=$value"
  unset "${name}_FILE"
done
exec "$@"
