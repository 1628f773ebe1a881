"""SARIF against the facts of its standard that we use, and what a viewer shows of it."""

import json
from urllib.parse import unquote

import jsonschema
import msgspec
import report_examples as examples

TEXT = {"type": "string", "minLength": 1}
MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": TEXT}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}


def exact(required: list[str], **properties) -> dict:
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


def listed(item: dict) -> dict:
    return {"type": "array", "items": item}


LOCATION = exact(
    ["physicalLocation"],
    physicalLocation=exact(
        ["artifactLocation"],
        artifactLocation=exact(["uri"], uri={"type": "string", "pattern": "^[!-~]+$"}),
        region=exact(["startLine"], startLine={"type": "integer", "minimum": 1}),
    ),
    logicalLocations=listed(exact(["fullyQualifiedName"], fullyQualifiedName=TEXT, kind=TEXT)),
)
RULE = exact(
    ["id"],
    id=TEXT,
    shortDescription=MESSAGE,
    defaultConfiguration=exact(["level"], level=LEVEL),
    properties={"type": "object"},
)
RESULT = exact(
    ["message"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=MESSAGE,
    locations=listed(LOCATION),
    properties={"type": "object"},
    suppressions=listed(
        exact(["kind"], kind={"enum": ["inSource", "external"]}, justification=TEXT)
    ),
)
NOTIFICATION = exact(
    ["message"],
    level=LEVEL,
    message=MESSAGE,
    locations=listed(LOCATION),
    properties={"type": "object"},
)
RUN = exact(
    ["tool"],
    results=listed(RESULT),
    invocations=listed(
        exact(
            ["executionSuccessful"],
            executionSuccessful={"type": "boolean"},
            toolExecutionNotifications=listed(NOTIFICATION),
        )
    ),
    tool=exact(["driver"], driver=exact(["name"], name=TEXT, version=TEXT, rules=listed(RULE))),
    properties={"type": "object"},
)
ESSENTIALS = exact(
    ["version", "runs"],
    **{"$schema": {"type": "string", "format": "uri"}, "version": {"const": "2.1.0"}},
    runs={"type": "array", "items": RUN, "minItems": 1},
)


def run(*reports) -> dict:
    log = json.loads(examples.written("sarif", reports))
    jsonschema.Draft202012Validator(ESSENTIALS).validate(log)
    return log["runs"][0]


def test_results_have_their_rule_level_and_place():
    found = run(*examples.ALL)
    hint, total = found["results"]
    rules = found["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["BR-X", "BR-CO-15"]
    assert rules[total["ruleIndex"]]["id"] == total["ruleId"] == "BR-CO-15"
    assert (hint["level"], total["level"]) == ("warning", "error")
    assert total["locations"][0]["physicalLocation"]["region"] == {"startLine": 12}
    assert total["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == (
        "/Invoice/cac:LegalMonetaryTotal"
    )
    assert total["properties"]["terms"] == ["BT-109", "BT-110", "BT-112"]
    assert found["properties"]["documents"] == 5


def test_what_has_no_verdict_is_a_notification():
    invocation = run(*examples.ALL)["invocations"][0]
    assert invocation["executionSuccessful"] is False
    told = invocation["toolExecutionNotifications"]
    assert [each["level"] for each in told] == ["warning", "warning", "error"]
    assert told[2]["message"]["text"] == "cannot be opened: No such file"


def test_a_waived_finding_is_suppressed():
    waived = run(examples.HOSTILE)["results"][1]
    assert waived["suppressions"] == [{"kind": "external", "justification": "agreed, by phone"}]
    assert waived["properties"]["evidence"] == {"BT-31": "FR00", "expected": "FR61"}


def test_hostile_paths_are_references():
    result = run(examples.HOSTILE)["results"][0]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri) == examples.HOSTILE.path
    assert result["message"]["text"].isprintable()


def test_an_absolute_path_is_a_uri():
    report = msgspec.structs.replace(examples.INVALID, path="/tmp/ä 1.xml")
    location = run(report)["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "file:///tmp/%C3%A4%201.xml"


def test_no_document():
    found = run()
    assert found["results"] == []
    assert found["invocations"][0]["executionSuccessful"] is True


def test_memory_is_flat():
    assert examples.peak_memory("sarif", 4_000) < examples.peak_memory("sarif", 400) + 3_000_000
