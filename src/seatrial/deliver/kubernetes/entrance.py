"""The way in from the world: a gateway of the cluster, with a certificate out of a vault, and its routes.

The certificate is the operator's, as is the name that it is for: the name has to lead to the gateway's
address (`kubectl get gateway --namespace SYSTEM-entrance`), and the process's identity has to be let to read
the certificate, in whichever vault it is.

Source: https://learn.microsoft.com/azure/aks/app-routing-gateway-api-dns-tls and
https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seatrial.azure import identity
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Known, Out
from seatrial.deliver.kubernetes.ground import document, entrance
from seatrial.deliver.kubernetes.speech import Speech
from seatrial.model import Service

__all__ = ["documents"]

API = "gateway.networking.k8s.io/v1"


def documents(part: Service, at: Stamp, speech: Speech) -> Iterator[dict[str, Any]]:
    shouted = part.name.upper().replace("-", "_")
    host = speech.operator(f"{shouted}_HOST", f"the name by which the world finds {part.name}")
    certificate = speech.operator(
        f"{shouted}_CERTIFICATE", f"the address, in a vault, of the certificate for the name of {part.name}"
    )
    who = document("v1", "ServiceAccount", part.name, at, automountServiceAccountToken=False)
    who["metadata"]["namespace"] = entrance(at)
    who["metadata"]["annotations"] = {
        "azure.workload.identity/client-id": speech.text(
            Out(of=identity.ref(part.name, at), path="properties.clientId")
        ),
        "azure.workload.identity/tenant-id": speech.text(Known(what="tenant")),
    }
    yield who
    yield _gateway(part, host, certificate, at)
    yield _route(part, at, part.name, "https", host, backendRefs=[{"name": part.name, "port": part.port}])
    redirect = {"type": "RequestRedirect", "requestRedirect": {"scheme": "https", "statusCode": 301}}
    yield _route(part, at, f"{part.name}-to-https", "http", host, filters=[redirect])


def _gateway(part: Service, host: str, certificate: str, at: Stamp) -> dict[str, Any]:
    ours = {
        "namespaces": {
            "from": "Selector",
            "selector": {"matchLabels": {"kubernetes.io/metadata.name": at.plan.name}},
        }
    }
    gateway = document(
        API,
        "Gateway",
        part.name,
        at,
        spec={
            "gatewayClassName": "approuting-istio",
            "listeners": [
                {
                    "name": "https",
                    "hostname": host,
                    "port": 443,
                    "protocol": "HTTPS",
                    "tls": {
                        "mode": "Terminate",
                        "options": {
                            "kubernetes.azure.com/tls-cert-keyvault-uri": certificate,
                            "kubernetes.azure.com/tls-cert-service-account": part.name,
                        },
                    },
                    "allowedRoutes": ours,
                },
                {"name": "http", "hostname": host, "port": 80, "protocol": "HTTP", "allowedRoutes": ours},
            ],
        },
    )
    gateway["metadata"]["namespace"] = entrance(at)
    return gateway


def _route(part: Service, at: Stamp, name: str, listener: str, host: str, **rule: Any) -> dict[str, Any]:
    parent = {"name": part.name, "namespace": entrance(at), "sectionName": listener}
    return document(
        API,
        "HTTPRoute",
        name,
        at,
        of=part.name,
        spec={"parentRefs": [parent], "hostnames": [host], "rules": [rule]},
    )
