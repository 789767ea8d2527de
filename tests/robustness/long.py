"""`make robust-long`: all runs with one new seed after the other, for LOCI_ROBUST_HOURS (default 4), each seed printed.

Ends with the first run that fails; its seed repeats it: `LOCI_ROBUST_SEED=… make robust`.
"""

import os
import random
import subprocess
import sys
import time

OWN = {"LOCI_ROBUST_COMMAND": "make robust-long"}
PYTEST = (sys.executable, "-m", "pytest", "tests/robustness", "-m", "robust", "-q", "-x")


def main() -> int:
    deadline = time.monotonic() + float(os.environ.get("LOCI_ROBUST_HOURS", "4")) * 3600
    first = int(os.environ.get("LOCI_ROBUST_SEED") or random.SystemRandom().randrange(10**9))
    rounds = 0
    while not rounds or time.monotonic() < deadline:
        seed = first + rounds
        print(f"round {rounds + 1}: LOCI_ROBUST_SEED={seed}", flush=True)
        status = subprocess.run(PYTEST, env={**os.environ, **OWN, "LOCI_ROBUST_SEED": str(seed)}).returncode
        if status:
            return status
        rounds += 1
    print(f"{rounds} rounds, seeds {first} to {first + rounds - 1}: none failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
