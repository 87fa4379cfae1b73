#!/bin/bash
# Run once by the postgres image on an empty data folder: a role and a database for the product, and one for MLflow.
set -euo pipefail

make_database() {
  local name=$1 password
  password=$(<"/secrets/$name")
  psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set=name="$name" --set=password="$password" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
SQL
}

# Databases of further projects are made from template1, by a role that may not create untrusted extensions.
for database in template1; do
  psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$database" \
    --command 'CREATE EXTENSION IF NOT EXISTS vector' --command 'CREATE EXTENSION IF NOT EXISTS unaccent'
done
make_database studio
make_database mlflow
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --command 'ALTER ROLE studio CREATEDB'
