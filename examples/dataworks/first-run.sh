#!/bin/sh
# Creates the service. Run it once, with `sh -e first-run.sh`.
set -eu
: "${EASCMD:=/home/admin/usertools/tools/eascmd}"

cat > service.json <<JSON
{
  "name": "$SERVICE",                    # unique in its region
  "generate_token": "true",
  "model_path": "$MODEL_URL",            # replaced by each daily run
  "processor_path": "$PROCESSOR_URL",
  "processor_type": "python",
  "processor_entry": "./app.py",
  "metadata": {
    "instance": 1,
    "cpu": 1,                            # cores of each instance
  }
}
JSON

"$EASCMD" -i "$KEY_ID" -k "$KEY_SECRET" -e "$ENDPOINT" create service.json
