"""What an operator answers to the parameters of a deployment, in a file for each environment.

A file says what is the same at every deployment to its environment. What differs each time, as the tag of the
images, is read from the environment variable of its name (`IMAGE_TAG`), and so is each secret: no value of a
secret stands in any file. What is left at its default is left out.

Source: https://learn.microsoft.com/azure/azure-resource-manager/bicep/parameter-files
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from seatrial.azure.graph import Graph
from seatrial.azure.sheets import parameters
from seatrial.azure.stamp import ENVIRONMENT
from seatrial.azure.values import Parameter

__all__ = ["files", "variable"]

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#"


def files(graph: Graph) -> Mapping[str, str]:
    """The text of each file, by its path beside `main.bicep`."""
    asked = tuple(each for each in parameters(graph) if each.name != ENVIRONMENT.name)
    written = dict[str, str]()
    for environment in ENVIRONMENT.allowed:
        written[f"parameters/{environment}.json"] = _json(environment)
        written[f"parameters/{environment}.bicepparam"] = _bicep(environment, asked)
    return written


def variable(asked: Parameter) -> str:
    """The environment variable that answers a parameter: `IMAGE_TAG` for `imageTag`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", asked.name).upper()


def _json(environment: str) -> str:
    """Templates read no environment: the other answers are given beside the file."""
    answers = {ENVIRONMENT.name: {"value": environment}}
    return (
        json.dumps({"$schema": SCHEMA, "contentVersion": "1.0.0.0", "parameters": answers}, indent=2) + "\n"
    )


def _bicep(environment: str, asked: tuple[Parameter, ...]) -> str:
    lines = [
        "// Written by `seatrial build` from the system file: change that, and build again.",
        f"// The answers for {environment}.",
        "using '../main.bicep'",
        "",
        f"param {ENVIRONMENT.name} = '{environment}'",
        *(line for each in asked if _open(each) for line in _read(each)),
    ]
    return "\n".join(lines) + "\n"


def _read(asked: Parameter) -> Iterator[str]:
    yield ""
    yield f"// {asked.why}{'; a secret, so it stands in no file' if asked.secret else ''}."
    answer = f"readEnvironmentVariable('{variable(asked)}')"
    yield f"param {asked.name} = {answer if asked.kind == 'string' else f'{asked.kind}({answer})'}"


def _open(asked: Parameter) -> bool:
    """Whether somebody must answer it each time."""
    return asked.default is None
