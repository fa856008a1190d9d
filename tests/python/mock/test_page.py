"""Tests of the page `/_mock/` in a browser."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

CALL = "00000000-0000-4000-a000-000000000001"


def chromium(*arguments):
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        assert "CI" not in os.environ, "a test must not be skipped in CI: Chromium is not installed"
        pytest.skip("Chromium is not installed")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--virtual-time-budget=4000"]
    completed = subprocess.run([program, *options, *arguments], capture_output=True, text=True, timeout=120)
    assert completed.returncode == 0, completed.stderr
    return completed.stdout


def test_page_shows_operations_calls_and_requests(mock, api, tmp_path):
    api.get(f"/v1/calls/{CALL}").raise_for_status()
    api.patch(f"/v1/calls/{CALL}", json={"metadata": "<script>alert(1)</script>"})
    page = chromium("--dump-dom", f"{mock.base_url}/_mock/")
    text = re.sub(r"<script>\s*\"use strict\".*?</script>", "", page, flags=re.DOTALL)
    assert "update_call" in text and "/v1/calls/{call_id}" in text
    assert CALL in text
    assert re.search(r'<span class="good">valid</span>', text)
    assert "metadata: " in text and '<div class="bad">invalid' in text
    # Request data is shown as text, never as markup.
    assert "&lt;script&gt;alert(1)" in text and "<script>alert(1)" not in text
    directory = Path(os.environ.get("CALLROUNDED_SCREENSHOTS", tmp_path))
    screenshot = directory / "mock.png"
    chromium(f"--screenshot={screenshot}", "--window-size=1100,900", f"{mock.base_url}/_mock/")
    assert screenshot.read_bytes().startswith(b"\x89PNG")
