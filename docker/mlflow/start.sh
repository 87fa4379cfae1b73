#!/bin/sh
# The tracking server, with runs in PostgreSQL and artefacts in the object store. It is reached by our services alone.
set -eu
AWS_SECRET_ACCESS_KEY=$(cat /secrets/minio)
export AWS_SECRET_ACCESS_KEY
MLFLOW_BACKEND_STORE_URI="postgresql://mlflow:$(cat /secrets/postgres)@postgres:5432/mlflow"
export MLFLOW_BACKEND_STORE_URI
exec mlflow server --host 0.0.0.0 --port 5000 --artifacts-destination s3://mlflow --allowed-hosts 'mlflow,mlflow:5000,localhost,127.0.0.1:5000'
