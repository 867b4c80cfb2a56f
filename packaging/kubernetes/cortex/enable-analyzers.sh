#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Enables the analyzers of $ENABLED (one a line) in Cortex at $CORTEX_URL. Keys are files in
# $KEYS_DIR, named as the analyzer without its version; they are written to files in this pod's
# memory and never passed in an argument list. Safe to run again: enabled analyzers are updated.
set -eu
: "${CORTEX_URL:?}" "${KEYS_DIR:?}" "${ENABLED:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077

if ! [ -s "$KEYS_DIR/cortex-orgadmin" ]; then
  echo "no key of an orgadmin: put it into the secret analyzer-keys as cortex-orgadmin" >&2
  exit 2
fi
{
  printf 'Authorization: Bearer '
  tr -d '\r\n' <"$KEYS_DIR/cortex-orgadmin"
  printf '\n'
} >"$work/header"

# Prints the status; the answer is in $work/answer.
call() { # method, path, body file or nothing
  if [ -n "${3-}" ]; then
    curl -sS -m 30 -o "$work/answer" -w '%{http_code}' -X "$1" -H "@$work/header" \
      -H 'Content-Type: application/json' --data-binary "@$3" "$CORTEX_URL$2"
  else
    curl -sS -m 30 -o "$work/answer" -w '%{http_code}' -X "$1" -H "@$work/header" "$CORTEX_URL$2"
  fi
}

tries=0
until [ "$(call GET /api/status || true)" = 200 ]; do
  tries=$((tries + 1))
  if [ "$tries" -ge "${TRIES:-60}" ]; then
    echo "Cortex at $CORTEX_URL does not answer" >&2
    exit 5
  fi
  sleep "${PAUSE:-5}"
done

status=$(call GET '/api/analyzer?range=all')
case $status in
  200) ;;
  401 | 403)
    echo "Cortex refuses the key cortex-orgadmin: HTTP $status" >&2
    exit 4
    ;;
  520)
    echo "Cortex has no index yet: open it in a browser once, or POST /api/maintenance/migrate" >&2
    exit 5
    ;;
  *)
    echo "Cortex does not list its analyzers: HTTP $status" >&2
    exit 5
    ;;
esac
# Puts each object on its own line, to find the id of an enabled analyzer.
sed 's/},{/}\n{/g' "$work/answer" >"$work/listed"

failed=0
grep '"definition"' "$ENABLED" >"$work/wanted"
while IFS= read -r line; do
  definition=$(printf '%s' "$line" | sed 's/.*"definition": *"\([^"]*\)".*/\1/')
  key=$(printf '%s' "$line" | sed 's/.*"key": *"\([^"]*\)", *"body".*/\1/')
  analyzer=$(printf '%s' "$definition" | sed 's/_[0-9]*_[0-9]*$//')
  printf '%s' "$line" | sed 's/.*"body": *//; s/},*$//' >"$work/body"
  if [ -n "$key" ]; then
    if ! [ -s "$KEYS_DIR/$analyzer" ]; then
      echo "$analyzer: skipped, the secret analyzer-keys has no entry $analyzer"
      continue
    fi
    # A key has letters, digits and a few other characters; others would break the JSON.
    if tr -d '\r\n' <"$KEYS_DIR/$analyzer" | grep -q '[^A-Za-z0-9._~+/=-]'; then
      echo "$analyzer: the key holds a character that keys do not have" >&2
      failed=1
      continue
    fi
    tr -d '\r\n' <"$KEYS_DIR/$analyzer" >"$work/key"
    awk -v file="$work/key" 'BEGIN { getline key < file } { i = index($0, "@KEY@")
      if (i) $0 = substr($0, 1, i - 1) key substr($0, i + 5); print }' "$work/body" >"$work/body.key"
    mv "$work/body.key" "$work/body"
  fi
  id=$(grep "\"workerDefinitionId\":\"$definition\"" "$work/listed" |
    sed 's/.*"id":"\([^"]*\)".*/\1/' | head -n 1)
  if [ -n "$id" ]; then
    status=$(call PATCH "/api/analyzer/$id" "$work/body")
  else
    status=$(call POST "/api/organization/analyzer/$definition" "$work/body")
  fi
  case $status in
    200 | 201 | 204) echo "$analyzer: enabled" ;;
    *)
      # The answer may repeat the key, so only the status is printed.
      echo "$analyzer: HTTP $status" >&2
      failed=1
      ;;
  esac
done <"$work/wanted"
exit "$failed"
