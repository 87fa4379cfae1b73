#!/bin/sh
# First start: makes every password once, each where only the service that needs it can read it. Later starts keep them.
set -eu
umask 077

folder=${SECRETS_FOLDER:-/secrets}

make_random() {
  [ -s "$1" ] || od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n' >"$1.part"
  [ ! -e "$1.part" ] || mv "$1.part" "$1"
}

# $1: source of truth, the rest: copies for others.
share() {
  source=$1
  shift
  for copy in "$@"; do
    cat "$source" >"$copy"
  done
}

for place in postgres mongo redis minio mlflow app console grafana prometheus; do
  mkdir -p "$folder/$place"
done
cd "$folder"

make_random postgres/superuser
make_random postgres/studio
make_random postgres/mlflow
make_random mongo/root
make_random redis/password
make_random minio/root
make_random console/secret
make_random app/secrets_key
make_random app/metrics_token
make_random grafana/admin

share minio/root mlflow/minio app/minio
share app/metrics_token prometheus/metrics_token
share postgres/mlflow mlflow/postgres
printf 'user default on >%s ~* &* +@all\n' "$(cat redis/password)" >redis/users.acl
printf 'postgres://studio:%s@postgres:5432/studio' "$(cat postgres/studio)" >app/database_url
printf 'mongodb://studio:%s@mongo:27017/?authSource=admin&replicaSet=studio' "$(cat mongo/root)" >app/mongodb_url
printf 'redis://:%s@redis:6379/0' "$(cat redis/password)" >app/redis_url
# A replica set's members prove themselves to each other by it.
[ -s mongo/keyfile ] || head -c 378 /dev/urandom | base64 | tr -d '\n' >mongo/keyfile

# Only root may give files away; without it (rehearsals) they stay their maker's.
if [ "$(id -u)" = 0 ]; then
  chown -R 999:999 postgres mongo redis
  chown -R 1000:1000 minio mlflow app console
  chown -R 472:472 grafana
  chown -R 65534:65534 prometheus
  # An image that does not give its data folder away itself.
  [ ! -d /data/minio ] || chown 1000:1000 /data/minio
fi
