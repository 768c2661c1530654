"""The OpenAPI description is complete, and the service keeps to it whatever it is asked."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
import schemathesis
from doctrove.api import ApiSettings, create_app
from hypothesis import HealthCheck, assume, given, settings
from schemathesis import GenerationMode

DESCRIPTION = create_app(ApiSettings(papers_url="postgresql://nowhere/none")).openapi()
OPERATIONS = {
    operation.ok().label: operation.ok()
    for operation in schemathesis.openapi.from_dict(DESCRIPTION).get_all_operations()
}


CASES = [
    pytest.param(operation, mode, id=f"{name} {mode.value}")
    for name, operation in OPERATIONS.items()
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or list(operation.iter_parameters())
]


def without_cursor(case):
    """A made-up cursor is refused, as it must be, though no schema can tell it from a real one."""
    case.query.pop("cursor", None)
    return case


@pytest.mark.integration
@pytest.mark.parametrize(("operation", "mode"), CASES)
def test_every_answer_is_one_that_the_description_promises(operation, mode, served: str):
    @given(case=operation.as_strategy(generation_mode=mode).map(without_cursor))
    @settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def ask(case):
        # uvicorn itself answers 400 to a longer address; see docs/doctrove-api.md.
        assume(len(urlencode(case.query or {}, doseq=True)) < 60_000)
        case.call_and_validate(base_url=served, timeout=60)

    ask()


def test_every_parameter_answer_and_field_is_described():
    for path, methods in DESCRIPTION["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            assert operation.get("description") or path.startswith("/api/health"), where
            for parameter in operation.get("parameters", []):
                said = parameter.get("description") or parameter["schema"].get("description")
                assert said, f"{where} {parameter['name']}"
            for status, answer in operation["responses"].items():
                assert answer["description"], f"{where} {status}"
                if status >= "400":
                    assert list(answer["content"]) == ["application/problem+json"], f"{where} {status}"
