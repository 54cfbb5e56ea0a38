"""`quality-harness services start|stop|status|env`."""

import argparse
import shlex

from quality_harness import services

NOTHING = "No services of this project run."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "action",
        choices=("start", "stop", "status", "env"),
        help="start them; stop them in all profiles; list those that run; "
        "start them and print their addresses for `eval`",
    )
    parser.add_argument(
        "--profile",
        choices=services.PROFILES,
        default="test",
        help="test: fast, for test runs; run: durable, for `make run`; "
        "clock: test, with a PostgreSQL whose clock can be moved; "
        "probe: test, with PostgreSQL's data in memory, for `prove` (default: test)",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code.

    Raises:
        CouldNotRun: what was asked for cannot be done.
    """
    if args.action == "env":
        for name, value in services.environment(profile=args.profile).items():
            print(f"export {name}={shlex.quote(value)}")
    elif args.action == "stop":
        ended = services.stop()
        for service in ended:
            print(f"Stopped {service.name} ({service.profile}, {service.place}).")
        if not ended:
            print(NOTHING)
    else:
        if args.action == "start":
            services.start(profile=args.profile)
        running = services.status()
        for service in running:
            print(f"{service.name} ({service.profile}) runs at {service.place}.")
        if not running:
            print(NOTHING)
    return 0
