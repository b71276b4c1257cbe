"""A bill of materials (CycloneDX 1.6, JSON) of what a running service consists of, read from requirements.lock.

Run: python tools/sbom.py > sbom.json      (make sbom)
"""

import json
import re
import sys
import uuid
from pathlib import Path

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def components(lock: str) -> list[dict[str, object]]:
    """One entry for each pinned package: name, version, address in the package index, hashes, where it is needed."""
    found: list[dict[str, object]] = []
    hashes: list[dict[str, str]] = []
    for line in lock.splitlines():
        if pinned := PINNED.match(line):
            name, version, marker = pinned.groups()
            hashes = []
            purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
            entry: dict[str, object] = {
                "type": "library",
                "bom-ref": purl,
                "name": name,
                "version": version,
                "purl": purl,
            }
            if marker:
                entry["properties"] = [{"name": "python:marker", "value": marker.strip()}]
            found.append({**entry, "hashes": hashes})
        hashes += [{"alg": "SHA-256", "content": digest} for digest in HASH.findall(line)]
    return found


def bill(lock: str, name: str, version: str) -> dict[str, object]:
    """The whole document; the same lock file gives the same document."""
    own = f"pkg:generic/{name}@{version}"
    parts = components(lock)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, lock)}",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": own, "name": name, "version": version, "purl": own}
        },
        "components": parts,
        "dependencies": [{"ref": own, "dependsOn": [str(part["bom-ref"]) for part in parts]}],
    }


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from monitor import __version__

    lock = (ROOT / "requirements.lock").read_text("utf-8")
    json.dump(bill(lock, "gpu-limbo", __version__), sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
