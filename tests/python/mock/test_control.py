"""Tests of the control interface, as tests in Python use it."""

import json

import httpx
import pytest

CALL = "00000000-0000-4000-a000-000000000001"


def expect(mock, when, then):
    response = mock.post("/_mock/expectations", json={"when": when, "then": then})
    assert response.status_code == 201, response.text


def test_requests_reports_invalid_requests(mock, api):
    assert api.patch(f"/v1/calls/{CALL}", json={"metadata": "text", "override": 1}).status_code == 422
    assert httpx.get(f"{api.base_url}/v1/calls/{CALL}").status_code == 401
    assert api.get("/v1/call").status_code == 404
    requests = mock.get("/_mock/requests").json()["data"]
    assert [request["is_valid"] for request in requests] == [False] * 3
    assert [problem.split(":")[0] for problem in requests[0]["problems"]] == ["metadata", "override"]
    # The API key is omitted.
    assert "mock-key" not in json.dumps(requests)
    after = mock.get("/_mock/requests", params={"after": requests[1]["number"]}).json()["data"]
    assert after == requests[2:]


def test_expectation_matches_body_and_parameters(mock, api):
    expect(
        mock,
        {"operation": "update_call", "parameters": {"call_id": CALL}, "body": {"metadata": {"a": 1}}},
        {"status": 409, "headers": {"x-why": "test"}, "body": {"message": "no", "error": None}},
    )
    assert api.patch(f"/v1/calls/{CALL}", json={"metadata": {"a": 2}}).status_code == 200
    response = api.patch(f"/v1/calls/{CALL}", json={"metadata": {"a": 1, "b": 2}})
    assert (response.status_code, response.headers["x-why"]) == (409, "test")


def test_expectation_with_reset_resets_the_connection(mock, api):
    expect(mock, {"operation": "get_call", "times": 1}, {"reset": True})
    with pytest.raises(httpx.HTTPError):
        api.get(f"/v1/calls/{CALL}")
    assert api.get(f"/v1/calls/{CALL}").status_code == 200


def test_expectation_with_rate_limit_sends_retry_after(mock, api):
    expect(mock, {}, {"rate_limit": 2.5, "delay": 0.01})
    response = api.get(f"/v1/calls/{CALL}")
    assert (response.status_code, response.headers["retry-after"]) == (429, "3")


def test_expectation_with_text_sends_it_unchanged(mock, api):
    expect(mock, {"operation": "get_call"}, {"text": "{", "headers": {"content-type": "application/json"}})
    response = api.get(f"/v1/calls/{CALL}")
    assert (response.status_code, response.text) == (200, "{")


@pytest.mark.parametrize(
    "expectation, detail",
    [
        ({"when": {"operation": "get_cal"}}, "when.operation: unknown operation `get_cal`; expected one of list_calls"),
        (
            {"when": {"operation": "get_call", "parameters": {"id": 1}}},
            "when.parameters: get_call has no parameter `id`",
        ),
        ({"then": {"stauts": 503}}, "unknown field `stauts`"),
        ({"then": {"status": 99}}, "then.status: expected a status from 200 to 599"),
        ({"then": {"status": 503, "reset": True}}, "then: expected only one of a response"),
        ({"when": {"operation": "get_call"}, "then": {"body": {"data": 1}}}, "/data:"),
        ({"then": {"delay": -1}}, "then.delay: expected 0 to 3600 seconds"),
    ],
)
def test_invalid_expectation_is_rejected(mock, expectation, detail):
    response = mock.post("/_mock/expectations", json=expectation)
    assert response.status_code == 422
    assert detail in " ".join(response.json()["error"]["details"])


def test_expectation_without_body_sends_documented_response(mock, api):
    expect(mock, {"operation": "update_call"}, {"status": 200})
    response = api.patch(f"/v1/calls/{CALL}", json={"metadata": {}})
    assert response.json()["data"]["id"] == "123e4567-e89b-12d3-a456-426614174000"
    rejected = mock.post("/_mock/expectations", json={"then": {"status": 200, "headers": {"content-length": "3"}}})
    assert rejected.json()["error"]["details"] == ["then.headers: `content-length` is set by the server"]


def test_expectation_with_only_delay_sends_default_response(mock, api):
    expect(mock, {}, {"delay": 0.01})
    assert api.get(f"/v1/calls/{CALL}", headers={"Prefer": "code=503"}).status_code == 503
    assert api.get(f"/v1/calls/{CALL}").status_code == 200


def test_request_from_other_origin_or_host_is_rejected(mock):
    for headers in [{"Origin": "https://example.com"}, {"Host": "example.com:80"}]:
        assert mock.get("/_mock/requests", headers=headers).status_code == 403
    assert mock.get("/_mock/requests", headers={"Origin": str(mock.base_url)}).status_code == 200


def test_numbers_of_a_call_keep_their_digits(mock, api):
    text = '{"id":"own","cost":0.10,"metadata":{"exact":0.12345678901234567890,"large":12345678901234567890}}'
    response = mock.put("/_mock/calls/own", content=text)
    assert response.status_code == 201, response.text
    for path in ["/_mock/calls/own", "/v1/calls/own"]:
        body = api.get(path).text
        assert '"cost":0.10,' in body and "0.12345678901234567890" in body and "12345678901234567890" in body
    sent = '{"metadata":{"amount":1.50}}'
    api.patch("/v1/calls/own", content=sent, headers={"content-type": "application/json"}).raise_for_status()
    assert '"amount":1.50' in api.get("/v1/calls/own").text
    assert mock.put("/_mock/calls/own", json={"id": "other"}).status_code == 422
    assert mock.put("/_mock/calls/own", json={"cost": []}).json()["error"]["details"]
    assert mock.get("/_mock/calls/nobody").status_code == 404


def test_delete_restores_the_initial_state(mock, api):
    mock.put("/_mock/calls/own", json={})
    expect(mock, {}, {"status": 500})
    assert api.get("/v1/calls/own").status_code == 500
    assert mock.delete("/_mock").status_code == 204
    assert mock.get("/_mock/requests").json()["data"] == []
    assert api.get("/v1/calls/own").status_code == 404
    assert len(mock.get("/_mock/calls").json()["data"]) == 4


@pytest.mark.parametrize(
    "prefer, status, applied",
    [
        ("code=503", 503, "code=503"),
        ("code=422, respond-async", 422, "code=422"),
        ("example=documented", 200, 'example="documented"'),
        ("example=nothing", 404, None),
        ("code=700", 400, None),
    ],
)
def test_prefer_header_selects_the_response(mock, api, prefer, status, applied):
    response = api.get(f"/v1/calls/{CALL}", headers={"Prefer": prefer})
    assert response.status_code == status
    assert response.headers.get("preference-applied") == applied
    if prefer == "example=documented":
        assert response.json()["data"]["id"] == "123e4567-e89b-12d3-a456-426614174000"


def test_unknown_path_or_method_is_rejected(mock):
    assert mock.get("/_mock/other").status_code == 404
    assert mock.post("/_mock/requests").status_code == 405
    assert mock.post("/_mock/expectations", content="{").status_code == 400
