"""REST fuzzed from its own OpenAPI: whatever is sent, the answer is one that the document promises, and never a 5xx."""

from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from app.main import create_app
from app.settings import Settings

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
EXAMPLES = 120


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> schemathesis.BaseSchema:
    """A small server: what it computes at most is done in no time."""
    small = Settings(
        max_steps=500, max_points=50, max_surface_cells=2_000, data=str(tmp_path_factory.mktemp("fuzz")), open=False
    )
    refused = {"checks": {"negative_data_rejection": {"expected-statuses": ["406", "413", "415", "422"]}}}
    config = schemathesis.Config.from_dict(refused)
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(small), config=config)


CALLS = [
    ("/api/runs", "POST"),
    ("/api/surface", "POST"),
    ("/api/theory", "POST"),
    ("/api/catalog", "GET"),
    ("/api/words", "GET"),
    ("/api/exports/py", "POST"),
    ("/healthz", "GET"),
]


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), CALLS, ids=[path for path, _ in CALLS])
def test_every_answer_is_one_that_was_promised(
    api: schemathesis.BaseSchema, path: str, method: str, mode: GenerationMode
) -> None:
    if mode is GenerationMode.NEGATIVE and path == "/healthz":
        return  # it takes nothing that could be wrong

    @hypothesis.given(case=api[path][method].as_strategy(generation_mode=mode))
    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    def fuzz(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS)

    fuzz()
