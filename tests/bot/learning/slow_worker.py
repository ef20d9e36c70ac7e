"""`python -m tests.bot.learning.slow_worker DATA JOB [SOURCE...]`: a job that works until it is cancelled."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bot.learning.jobs import Jobs
from bot.logbook.database import open_engine
from bot.settings import Settings


def main() -> None:
    settings = Settings.from_environment(data=Path(sys.argv[1]))
    jobs, job = Jobs(open_engine(settings.log_url)), int(sys.argv[2])
    jobs.progress(job, "IssueAreaClassifier", 40)
    while jobs.alive(job):
        time.sleep(0.1)
    jobs.end(job, "cancelled")


if __name__ == "__main__":
    main()
