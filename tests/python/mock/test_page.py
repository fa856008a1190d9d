"""The page `/_mock/`, in a browser."""

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
        assert "CI" not in os.environ, "CI must not skip this: there is no Chromium"
        pytest.skip("there is no Chromium")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--virtual-time-budget=4000"]
    ended = subprocess.run([program, *options, *arguments], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_page_shows_operations_calls_and_requests(mock, api, tmp_path):
    api.get(f"/v1/calls/{CALL}").raise_for_status()
    api.patch(f"/v1/calls/{CALL}", json={"metadata": "<script>alert(1)</script>"})
    page = chromium("--dump-dom", f"{mock.base_url}/_mock/")
    text = re.sub(r"<script>\s*\"use strict\".*?</script>", "", page, flags=re.DOTALL)
    assert "update_call" in text and "/v1/calls/{call_id}" in text
    assert CALL in text
    assert re.search(r'<span class="good">valid</span>', text)
    assert "metadata: " in text and '<div class="bad">invalid' in text
    # What was sent is text and never markup.
    assert "&lt;script&gt;alert(1)" in text and "<script>alert(1)" not in text
    folder = Path(os.environ.get("CALLROUNDED_SCREENSHOTS", tmp_path))
    screenshot = folder / "mock.png"
    chromium(f"--screenshot={screenshot}", "--window-size=1100,900", f"{mock.base_url}/_mock/")
    assert screenshot.read_bytes().startswith(b"\x89PNG")
