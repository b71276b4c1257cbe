"""The bill of materials names every locked package, with its hashes."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_locked_package_stands_in_the_bill_with_its_hashes():
    done = subprocess.run([sys.executable, "tools/sbom.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    bill = json.loads(done.stdout)
    lines = [line for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines() if "==" in line[:60]]
    locked = {line.split("==")[0] for line in lines if not line.startswith((" ", "#"))}
    assert {part["name"] for part in bill["components"]} == locked
    assert all(part["hashes"] for part in bill["components"])
    refs = [part["bom-ref"] for part in bill["components"]]
    assert len(refs) == len(set(refs))
    assert set(bill["dependencies"][0]["dependsOn"]) == set(refs)
