"""Fixtures: a mock server for each session, reset to its initial calls before each test."""

import os
import re
import subprocess

import httpx
import pytest


@pytest.fixture(scope="session")
def server():
    program = os.environ.get("CALLROUNDED_MOCK", "callrounded-mock")
    process = subprocess.Popen([program, "--calls", "3"], stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        match = re.match(r"listening on (\S+) \(API key: (\S+)\);", line)
        assert match, line
        yield match.groups()
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def mock(server):
    """Controls the server: `mock.post("/_mock/expectations", json=…)`."""
    with httpx.Client(base_url=server[0]) as client:
        client.delete("/_mock").raise_for_status()
        yield client


@pytest.fixture
def api(server):
    """Sends requests with the API key, like the code under test."""
    with httpx.Client(base_url=server[0], headers={"X-Api-Key": server[1]}) as client:
        yield client
