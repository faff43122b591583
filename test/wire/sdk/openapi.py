"""The life of a service through the vendor's SDK of the EAS OpenAPI: settings as JSON on stdin, results on stdout."""
import json
import sys
import time

from alibabacloud_eas20210701 import models
from alibabacloud_eas20210701.client import Client
from alibabacloud_tea_openapi.models import Config

given = json.load(sys.stdin)
name = given["document"]["name"]
client = Client(
    Config(
        access_key_id=given["accessKeyId"],
        access_key_secret=given["accessKeySecret"],
        endpoint=given["endpoint"],
        protocol="http",
        region_id="local",
    )
)


def until(status):
    while True:
        service = client.describe_service("local", name).body
        if service.status == status:
            return service
        if service.status == "Failed":
            raise SystemExit("the service failed: " + service.message)
        time.sleep(0.05)


def gone():
    while True:
        try:
            client.describe_service("local", name)
        except Exception as error:
            return error.code
        time.sleep(0.05)


results = {}
created = client.create_service(models.CreateServiceRequest(body=json.dumps(given["document"]))).body
results["created"] = [created.service_name, created.region, created.status]
service = until("Running")
results["described"] = [service.total_instance, service.current_version, len(service.access_token)]
listed = client.list_services(models.ListServicesRequest(filter=name, page_size=10)).body
results["listed"] = [listed.total_count, [one.service_name for one in listed.services]]
instances = client.list_service_instances("local", name, models.ListServiceInstancesRequest()).body
results["instances"] = [[one.status, one.ready_processes] for one in instances.instances]
client.update_service_label("local", name, models.UpdateServiceLabelRequest(labels={"team": "vision"}))
labels = client.describe_service("local", name).body.labels
results["labels"] = [[label.label_key, label.label_value] for label in labels]
updated = client.update_service(
    "local", name, models.UpdateServiceRequest(body=json.dumps({"metadata": {"instance": 2}}))
).body
results["updated"] = updated.message
results["scaled"] = until("Running").total_instance
versions = client.list_service_versions("local", name, models.ListServiceVersionsRequest()).body
results["versions"] = [version.image_id for version in versions.versions]
try:
    client.create_service(models.CreateServiceRequest(body=json.dumps(given["document"])))
except Exception as error:
    results["again"] = error.code
results["deleted"] = client.delete_service("local", name).body.message
results["gone"] = gone()
print(json.dumps(results))
