import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
KILLS = 8  # the soak does 200: benchmarks/soak_kill.py


def test_nothing_acknowledged_is_lost_when_processes_are_killed(database_url):
    command = [sys.executable, "-m", "tests.store.killing", database_url, str(KILLS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["kills"] == KILLS
    assert found["commits_acknowledged"] > 0
    lost = ("offers_lost", "alerts_lost", "half_commits", "alerts_unknown_to_the_store")
    assert {name: found[name] for name in lost} == dict.fromkeys(lost, 0)
