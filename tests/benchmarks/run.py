"""Run the benchmarks, each in a process of its own: `run.py` runs all, `run.py ledger` one.

The last line that each prints is one JSON object. Figures move from machine to machine; ratios are taken in one run.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(wanted: list[str]) -> int:
    """Run the wanted benchmarks, or all. Returns the exit code."""
    there = {path.stem.removeprefix("bench_"): path for path in sorted(HERE.glob("bench_*.py"))}
    if unknown := set(wanted) - set(there):
        sys.stderr.write(f"No such benchmark: {', '.join(sorted(unknown))}. There are {', '.join(there)}.\n")
        return 2
    failed = 0
    for name in wanted or there:
        failed += subprocess.run([sys.executable, there[name]], check=False, cwd=HERE.parents[1]).returncode != 0
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
