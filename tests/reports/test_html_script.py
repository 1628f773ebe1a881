"""The page in a browser: what its script shows, finds and opens."""

import json
import re
import shutil
import subprocess
from html import unescape

import pytest
import report_examples as examples

#: Works the page that it frames, and tells what is seen then.
DRIVER = """<iframe id=frame src=report.html></iframe><pre id=told></pre>
<script>
const wait = (time) => new Promise((done) => setTimeout(done, time));
frame.onload = async () => {
  const page = frame.contentDocument, get = (id) => page.getElementById(id), told = {};
  const paths = () => [...page.querySelectorAll("#list .path")].map((each) => each.textContent);
  const change = (id, value, event) => {
    get(id).value = value;
    get(id).dispatchEvent(new Event(event));
  };
  told.all = paths();
  change("search", "gone", "input");
  await wait(400);
  told.searched = paths();
  get("clear").click();
  change("verdict", "undecided", "change");
  told.undecided = paths();
  told.count = get("count").textContent;
  get("clear").click();
  change("rule", "ID-01", "change");
  const details = page.querySelector("#list details");
  details.open = true;
  await wait(100);
  told.opened = details.querySelector(".inside").textContent;
  document.getElementById("told").textContent = JSON.stringify(told);
};
</script>"""
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--allow-file-access-from-files", "--virtual-time-budget=10000", "--dump-dom"),
)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What a browser shows of the page of all examples."""
    names = ("chromium", "chromium-browser", "google-chrome")
    browser = next(filter(None, map(shutil.which, names)), None)
    if browser is None:
        pytest.skip("Chromium is not installed")
    folder = tmp_path_factory.mktemp("page")
    (folder / "report.html").write_bytes(
        examples.written("html", (*examples.ALL, examples.HOSTILE), "en")
    )
    (folder / "driver.html").write_text(DRIVER)
    command = [browser, *OPTIONS, f"--user-data-dir={folder}/profile", f"{folder}/driver.html"]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=120).stdout
    found = re.search(r'<pre id="told">(.+?)</pre>', shown, re.DOTALL)
    assert found, shown[:2000]
    return json.loads(unescape(found[1]))


def test_the_gravest_documents_come_first(told):
    hostile = next(path for path in told["all"] if path.startswith("-in/</script>"))
    assert told["all"] == [
        "in/gone.xml", hostile, "in/b \\x202e\\x1b[31m.xml", "in/xr.xml", "in/c.xml", "in/good.xml",
    ]  # fmt: skip


def test_search_and_filter(told):
    assert told["searched"] == ["in/gone.xml"]
    assert told["undecided"] == ["in/xr.xml", "in/c.xml"]
    assert told["count"] == "1 to 2 of 2"


def test_a_document_opens(told):
    assert "BT-31 is odd" in told["opened"]
    assert "BT-31 = FR00; expected = FR61" in told["opened"]
    assert "Waived because: agreed, by phone" in told["opened"]
