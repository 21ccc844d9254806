"""The server: the figures of the library, errors as JSON, and nobody else's questions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from tests.reports.hostile import EXAMPLES
from tests.serve.conftest import API, HOST, TOKEN

Ask = Callable[..., dict[str, Any]]
SHUT = {"verb": "set", "nodes": "node:ref-big", "capacity": 100, "unit": "t ore"}


def without_script(text: str) -> dict[str, Any]:
    """A written result without the script that checks it, which the server does not send along."""
    return {key: value for key, value in json.loads(text).items() if key != "verify.py"}


def test_the_page_is_shown_with_a_policy(client: TestClient) -> None:
    answer = client.get(f"/{TOKEN}/")
    assert answer.status_code == 200
    assert "Explore" in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy and "http" not in policy
    assert answer.headers["cache-control"] == "no-store"


def test_changes_are_a_scenario_that_the_command_line_runs_to_the_same_digits(
    ask: Ask, run_cli: Any, tmp_path: Path
) -> None:
    words = {"to": "MLT", "year": 2026, "tier": "possible", "edits": [SHUT]}
    told = ask("view", **words)
    (tmp_path / "explored.toml").write_text(told["scenario"], "utf-8")
    command = told["command"].split()[1:]
    printed = without_script(run_cli(*command, "--format", "json", cwd=tmp_path).stdout)
    served = ask("potential", **words)["result"]
    # how far rows and duals are off depends on where a program started: rounding alone
    assert printed.pop("certificate")["ok"] and served.pop("certificate")["ok"]
    assert printed == served


@pytest.mark.parametrize(
    ("where", "words", "kind"),
    [
        ("potential", {"to": "nowhere"}, "UnknownNameError"),
        ("potential", {}, "OptionError"),
        ("potential", {"to": "MLT", "year": "soon"}, "OptionError"),
        ("potential", {"to": "MLT", "color": "red"}, "OptionError"),
        ("potential", {"to": "MLT", "scenarios": ["/etc/passwd.toml"]}, "OptionError"),
        ("potential", {"to": "MLT", "scenarios": ["../x.toml:a=1"]}, "OptionError"),
        ("potential", {"to": "MLT", "edits": [{"verb": "burn"}]}, "OptionError"),
        ("potential", {"to": "MLT", "edits": [SHUT | {"nodes": "node:none"}]}, "UnknownNameError"),
        ("bypass", {"to": "MLT"}, "OptionError"),
        ("survive", {"to": "MLT", "shock": "no-shock"}, "UnknownNameError"),
        ("card", {"to": "MLT", "id": "../../etc/passwd"}, "UnknownNameError"),
        ("files/passwd", {"to": "MLT"}, "UnknownNameError"),
    ],
)
def test_a_wrong_question_is_told_as_json(
    client: TestClient, where: str, words: dict[str, Any], kind: str
) -> None:
    answer = client.post(f"{API}/{where}", json=words)
    assert answer.status_code in (404, 422)
    assert answer.json()["error"]["kind"] == kind
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "body", [b"{", b"\xff", b"[" * 100_000, b"null", b'"text"', b'{"to": "MLT", "to": "FJI"}']
)
def test_what_is_no_question_is_refused(client: TestClient, body: bytes) -> None:
    """One key twice is two questions: neither is answered."""
    answer = client.post(f"{API}/potential", content=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["kind"] == "OptionError"


def test_a_question_beyond_the_bound_is_refused(client: TestClient) -> None:
    answer = client.post(f"{API}/potential", content=b" " * 300_000)
    assert answer.status_code == 429


@pytest.mark.parametrize("text", EXAMPLES)
def test_hostile_words_are_answered_with_an_error(client: TestClient, text: str) -> None:
    for words in ({"to": text}, {"to": "MLT", "avoid": text}, {"to": "MLT", "scenarios": [text]}):
        answer = client.post(f"{API}/potential", content=json.dumps(words).encode())
        assert answer.status_code in (200, 404, 422), answer.text
        assert answer.headers["content-type"] == "application/json"
        answer.json()


@pytest.mark.parametrize(
    ("path", "heads", "status"),
    [
        ("/", {}, 404),
        ("/wrong/", {}, 404),
        (f"/{TOKEN}x/", {}, 404),
        (f"/{TOKEN}/../{TOKEN}/x", {}, 404),
        (f"/{TOKEN}/%2e%2e/etc/passwd", {}, 404),
        (f"/{TOKEN}/api/v1/files/..%2f..%2fetc%2fpasswd", {}, 404),
        (f"/{TOKEN}/", {"host": "evil.example"}, 403),
        (f"/{TOKEN}/", {"host": "evil.example:8000"}, 403),
        (f"/{TOKEN}/", {"origin": "https://evil.example"}, 403),
        (f"/{TOKEN}/", {"origin": "null"}, 403),
        (f"/{TOKEN}/", {"sec-fetch-site": "cross-site"}, 403),
        (f"/{TOKEN}/", {"origin": f"http://{HOST}"}, 200),
    ],
)
def test_strangers_are_refused(
    client: TestClient, path: str, heads: dict[str, str], status: int
) -> None:
    answer = client.get(path, headers=heads)
    assert answer.status_code == status
    if status != 200:
        assert set(answer.json()) == {"error"}


def test_an_error_of_the_inside_is_not_told(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("supplynet.serve.cards.directory_of", broken)
    answer = client.get(f"{API}/graph")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["error"]["kind"] == "Refused"


def test_the_document_names_every_question(client: TestClient, ask: Ask) -> None:
    told = client.get(f"{API}/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    for name in ("potential", "contested", "bypass", "chokepoints", "survive", "run", "compare"):
        post = told["paths"][f"/{name}"]["post"]
        body = post["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        assert body.rsplit("/", 1)[1] in told["components"]["schemas"]
        answer = post["responses"]["200"]["content"]["application/json"]["schema"]
        assert answer["properties"]["result"]["$ref"].rsplit("/", 1)[1].endswith("Result")
    schema = client.get(f"{API}/schemas/potential").json()
    jsonschema.validate(ask("potential", to="MLT")["result"], schema)
    assert client.get(f"{API}/schemas/none").status_code == 404


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("picture.svg", b"<?xml"),
        ("picture.png", b"\x89PNG"),
        ("table.csv", b""),
        ("result.json", b"{"),
        ("explored.toml", b"title"),
        ("report.html", b"<!doctype html>"),
    ],
)
def test_a_state_can_be_kept_in_files(client: TestClient, name: str, begins: bytes) -> None:
    words = {"to": "MLT", "tier": "possible", "edits": [SHUT]}
    answer = client.post(f"{API}/files/{name}", json=words)
    assert answer.status_code == 200
    assert answer.content.startswith(begins) and len(answer.content) > 40
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
