import httpx

CALL = "00000000-0000-4000-a000-000000000001"


def tag(api: httpx.Client, call_id: str, campaign: str) -> bool:
    """The code under test: one retry after a 503."""
    for _ in range(2):
        response = api.patch(f"/v1/calls/{call_id}", json={"metadata": {"campaign": campaign}})
        if response.status_code != 503:
            return response.is_success
    return False


def test_tag_survives_an_outage(mock, api):
    mock.post(
        "/_mock/expectations",
        json={"when": {"operation": "update_call", "times": 1}, "then": {"status": 503}},
    ).raise_for_status()

    assert tag(api, CALL, "spring")

    requests = mock.get("/_mock/requests").json()["data"]
    assert [request["status"] for request in requests] == [503, 200]
    assert all(request["is_valid"] for request in requests)
    call = mock.get(f"/_mock/calls/{CALL}").json()["data"]
    assert call["metadata"]["campaign"] == "spring"
