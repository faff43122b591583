#!/bin/sh
# Deploys the model of the day as a new version; goes back to version 1 when it does not do its work.
set -eu
: "${EASCMD:=/home/admin/usertools/tools/eascmd}"
here=$(cd "$(dirname "$0")" && pwd)

cat > version.json <<JSON
{
  "name": "$SERVICE",
  "model_path": "$MODEL_URL",            # the model of the day
  "processor_path": "$PROCESSOR_URL",
  "processor_type": "python",
  "processor_entry": "./app.py",
}
JSON

if "$EASCMD" -i "$KEY_ID" -k "$KEY_SECRET" -e "$ENDPOINT" modify "$SERVICE" -s version.json &&
  sh "$here/check.sh"
then
  echo "daily run: the new version serves"
  exit 0
fi

echo "daily run: back to version 1"
"$EASCMD" -i "$KEY_ID" -k "$KEY_SECRET" -e "$ENDPOINT" version -f "$SERVICE" 1
exit 1
