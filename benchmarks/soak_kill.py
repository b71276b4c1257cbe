"""Kill writers and senders 200 times at random moments under load: what is lost must be 0, on both databases.

usage: tools/with-postgres python benchmarks/soak_kill.py [KILLS]   (without with-postgres: SQLite only)
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main(kills: int) -> int:
    """Print a line per database; 1 where something was lost."""
    lost = 0
    with tempfile.TemporaryDirectory() as folder:
        urls = {"SQLite": f"sqlite:///{folder}/limbo.db", "PostgreSQL": os.environ.get("TEST_DATABASE_URL", "")}
        for kind, url in urls.items():
            if not url:
                continue
            begun = time.perf_counter()
            command = [sys.executable, "-m", "tests.store.killing", url, str(kills), "server"]
            found = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout)
            lost += found["offers_lost"] + found["alerts_lost"] + found["half_commits"]
            print(f"{kind:11s} {time.perf_counter() - begun:6.1f} s {json.dumps(found)}", flush=True)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
