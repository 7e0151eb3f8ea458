#!/usr/bin/env python
"""Django's command line, for the environment named by RVZ_ENV."""

import os
import signal
import sys

from cms import embedded_postgres
from cms.environment import use_environment


def main() -> None:
    if use_environment() != "production" and not os.environ.get("DATABASE_URL"):
        start_database()
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - reads the above

    execute_from_command_line(sys.argv)


def start_database() -> None:
    # Python runs no exit functions when SIGTERM kills it: the server would stay.
    signal.signal(signal.SIGTERM, lambda signum, _frame: sys.exit(128 + signum))
    try:
        embedded_postgres.start()
    except embedded_postgres.EmbeddedPostgresError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
