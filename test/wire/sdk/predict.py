"""Runs calls of the vendor's SDK: JSON lines in, JSON lines out (test/support/vendor-sdk.ts)."""
import json
import sys

from eas_prediction import PredictClient, StringRequest
from eas_prediction.exception import PredictException


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


for line in sys.stdin:
    call = json.loads(line)
    client = PredictClient(call["endpoint"], call["service"])
    client.set_token(call["token"])
    client.set_retry_count(call.get("retries", 1))
    if call.get("direct"):
        client.set_endpoint_type("DIRECT")
    client.init()
    for _ in range(call.get("times", 1)):
        try:
            response = client.predict(StringRequest(call["body"]))
            result = {"body": text(response.response_data)}
        except PredictException as failure:
            result = {"code": failure.code, "message": text(failure.message)}
        print(json.dumps(result), flush=True)
    client.destroy()
