#!/bin/sh
# Ends with 0 when the service answers as expected.
set -eu
: "${EASCMD:=/home/admin/usertools/tools/eascmd}"

answer=$("$EASCMD" -i "$KEY_ID" -k "$KEY_SECRET" -e "$ENDPOINT" predict "$SERVICE" -d "$QUESTION")
if [ "$answer" != "$ANSWER" ]; then
  echo "check: expected '$ANSWER', got '$answer'"
  exit 1
fi
echo "check: the answer is right"
