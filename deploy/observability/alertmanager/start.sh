#!/bin/sh
# Writes Alertmanager's configuration from the environment and takes over as it.
#   ALERT_WEBHOOK_URL        told of every alert, and of its end
#   ALERT_EMAIL_TO, ALERT_EMAIL_FROM, ALERT_SMTP_HOST (host:port), ALERT_SMTP_USER, ALERT_SMTP_PASSWORD_FILE   or by e-mail
# Neither: alerts are seen in Alertmanager and Prometheus alone.
set -eu
umask 077

config=${ALERT_CONFIG:-/tmp/alertmanager.yml}
secrets=${ALERT_SECRETS:-/tmp}

fail() {
  echo "$1" >&2
  exit 1
}

# Stands in YAML between single quotes, so that it must not end them.
need() {
  [ -n "$2" ] || fail "$1: is needed with ALERT_EMAIL_TO."
  case $2 in
    *"'"* | *"
"*) fail "$1: must not hold quotes or line ends." ;;
  esac
}

webhook() {
  case $ALERT_WEBHOOK_URL in
    http://?* | https://?*) ;;
    *) fail "ALERT_WEBHOOK_URL: must start with http:// or https://." ;;
  esac
  # The address is often a secret itself: in a file it is not shown by Alertmanager's pages.
  printf %s "$ALERT_WEBHOOK_URL" >"$secrets/webhook_url"
  printf '    webhook_configs:\n      - url_file: %s\n        send_resolved: true\n' "$secrets/webhook_url"
}

email() {
  need ALERT_EMAIL_TO "$ALERT_EMAIL_TO"
  need ALERT_EMAIL_FROM "${ALERT_EMAIL_FROM:-}"
  need ALERT_SMTP_HOST "${ALERT_SMTP_HOST:-}"
  printf "    email_configs:\n      - to: '%s'\n        from: '%s'\n" "$ALERT_EMAIL_TO" "$ALERT_EMAIL_FROM"
  printf "        smarthost: '%s'\n        send_resolved: true\n" "$ALERT_SMTP_HOST"
  [ -z "${ALERT_SMTP_USER:-}" ] || {
    need ALERT_SMTP_USER "$ALERT_SMTP_USER"
    need ALERT_SMTP_PASSWORD_FILE "${ALERT_SMTP_PASSWORD_FILE:-}"
    printf "        auth_username: '%s'\n        auth_password_file: '%s'\n" "$ALERT_SMTP_USER" "$ALERT_SMTP_PASSWORD_FILE"
  }
}

{
  cat <<'CONFIG'
route:
  receiver: team
  group_by: [alertname]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 12h
  routes:
    - receiver: team
      matchers: ['severity = "page"']
      group_wait: 10s
      repeat_interval: 1h
inhibit_rules:
  # What is down is told once, not by all that follows from it.
  - source_matchers: ['severity = "page"']
    target_matchers: ['severity = "ticket"']
    equal: [alertname]
receivers:
  - name: team
CONFIG
  [ -z "${ALERT_WEBHOOK_URL:-}" ] || webhook
  [ -z "${ALERT_EMAIL_TO:-}" ] || email
} >"$config"

exec "${ALERTMANAGER:-/bin/alertmanager}" --config.file="$config" --storage.path=/alertmanager --cluster.listen-address=
