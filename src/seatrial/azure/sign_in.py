"""Sign-in before a service: Container Apps itself asks who comes, by Microsoft Entra."""

from __future__ import annotations

from typing import Any

from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.reach import edges_before
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Known, Parameter, Ref, WhenEmpty, join
from seatrial.model import ApiManagement, ApplicationGateway, FrontDoor, Service

__all__ = ["client_id", "issuer", "resource"]


def client_id(service: Service) -> Parameter:
    """The registration in Entra under which people sign in."""
    return Parameter(
        name=camel(service.name, "sign", "in", "client", "id"),
        why=f"The application id, in Microsoft Entra, under which people sign in to {service.name}",
    )


def issuer(service: Service) -> Parameter:
    """Whose people may sign in."""
    return Parameter(
        name=camel(service.name, "sign", "in", "issuer"),
        why=f"Who issues the tokens of {service.name}'s users; left empty: the tenant of the subscription",
        default="",
    )


def resource(service: Service, app: Ref, at: Stamp) -> Resource:
    """The rule that a person signs in before a request reaches a service.

    Without a client secret only an id token is issued, which tells who somebody is; so there is no secret,
    and the registration must allow id tokens. The health path stays open, for the probes of edges.
    Source: https://learn.microsoft.com/azure/container-apps/authentication-entra
    """
    asked = issuer(service)
    own = join("https://login.microsoftonline.com/", Known(what="tenant"), "/v2.0")
    return Resource(
        ref=app.child("authConfigs", "current"),
        module="compute",
        region=at.region,
        symbol=camel(service.name, "sign", "in"),
        why=f"A person signs in before a request reaches {service.name}",
        part=service.name,
        tagged=False,
        body={
            "properties": {
                "platform": {"enabled": True},
                "globalValidation": {**_otherwise(service, at), "excludedPaths": [service.health]},
                "httpSettings": {"requireHttps": True, **_forwarded(service, at)},
                "identityProviders": {
                    "azureActiveDirectory": {
                        "enabled": True,
                        "registration": {
                            "clientId": client_id(service),
                            "openIdIssuer": WhenEmpty(parameter=asked, then=own, otherwise=asked),
                        },
                    }
                },
                "login": {"preserveUrlFragmentsForLogins": True},
            }
        },
    )


def _otherwise(service: Service, at: Stamp) -> dict[str, str]:
    """What becomes of a request of nobody: a person is led to sign in, a program is told that it must."""
    if any(isinstance(edge, ApiManagement) for edge in edges_before(service, at.plan)):
        return {"unauthenticatedClientAction": "Return401"}
    return {
        "unauthenticatedClientAction": "RedirectToLoginPage",
        "redirectToProvider": "azureactivedirectory",
    }


def _forwarded(service: Service, at: Stamp) -> dict[str, Any]:
    """In which header an edge says what name it was asked by; people are led back there.

    Source: https://learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol and
    https://learn.microsoft.com/azure/application-gateway/how-application-gateway-works
    """
    for edge in edges_before(service, at.plan):
        match edge:
            case FrontDoor():
                return {"forwardProxy": {"convention": "Standard"}}
            case ApplicationGateway():
                return {
                    "forwardProxy": {
                        "convention": "Custom",
                        "customHostHeaderName": "X-Original-Host",
                        "customProtoHeaderName": "X-Forwarded-Proto",
                    }
                }
            case _:
                pass
    return {}
