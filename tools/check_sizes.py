"""Fail where a Python file is over 400 lines or a function over 60; mention what comes near."""

import ast
import subprocess
import sys
from pathlib import Path

FILE_LIMIT, FUNCTION_LIMIT = 400, 60


def main() -> int:
    """Print what is too long and return the number of offenders."""
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"], capture_output=True, text=True, check=True
    )
    failures = 0
    paths = (
        Path(line) for line in tracked.stdout.splitlines() if "migrations/versions" not in line
    )  # written by a tool
    for path in sorted(path for path in paths if path.exists()):
        source = path.read_text("utf-8")
        if (lines := source.count("\n")) > FILE_LIMIT:
            failures += 1
            print(f"{path}: {lines} lines, the limit is {FILE_LIMIT}: split it by what it does")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                length = node.end_lineno - node.lineno + 1
                if length > FUNCTION_LIMIT:
                    failures += 1
                    print(f"{path}:{node.lineno}: {node.name} has {length} lines, the limit is {FUNCTION_LIMIT}")
    return failures


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
