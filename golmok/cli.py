"""The `golmok` command."""

import argparse
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from golmok.configuration import CONFIGURATION
from golmok.messages import Language, text

GOOD, WAITING, BAD = "✓", "!", "✗"
LEAST_DISK = 2 * 1024**3
"""Bytes; about two hours of one show at 2.5 Mb/s with its recording."""


def main(argv: Sequence[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "golmok.settings")
    chosen = build_parser().parse_args(argv)
    command: Callable[[], int] = chosen.command
    return command()


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="golmok", description=_say("cli-about"))
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, command in COMMANDS.items():
        commands.add_parser(name, help=_say(f"cli-{name}")).set_defaults(command=command)
    return parser


def up() -> int:
    """Serve. Migrates the database and lays out the static files first."""
    if not _port_is_free():
        print(_say("cli-port-taken", port=str(CONFIGURATION.port)), file=sys.stderr)
        return 1
    prepare()
    from golmok.domain.orders.gateways.gateway import WrongPayments

    try:
        from golmok.server import serve
    except WrongPayments as wrong:
        print(wrong, file=sys.stderr)
        return 1

    print(_say("cli-serving", url=CONFIGURATION.public_url), flush=True)
    serve()
    return 0


def prepare() -> None:
    """Brings database and static files to this version."""
    import django
    from django.core.management import call_command

    CONFIGURATION.var.joinpath("static").mkdir(parents=True, exist_ok=True)
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def demo() -> int:
    """Serve the sample festa with a show on the air. It sends no e-mail unless told where."""
    os.environ.setdefault("GOLMOK_MAIL_URL", "file:")
    from golmok.demo.stage import run

    return run(CONFIGURATION)


def organiser() -> int:
    """Make the first account that may open the desk."""
    import django
    from django.core.management import call_command

    prepare()
    django.setup()
    call_command("createsuperuser")
    return 0


@dataclass(frozen=True)
class Finding:
    what: str
    good: bool
    detail: str
    can_wait: bool = False
    """Golmok runs without it; before the public comes it must be there."""

    @property
    def sign(self) -> str:
        return GOOD if self.good else WAITING if self.can_wait else BAD


def doctor() -> int:
    """Look at everything Golmok needs; exit status 1 when something is missing."""
    findings = list(_examine())
    for finding in findings:
        print(f"{finding.sign} {_say(f'cli-doctor-{finding.what}')}: {finding.detail}")
    sick = sum(not (finding.good or finding.can_wait) for finding in findings)
    print(_say("cli-doctor-done", sick=sick))
    return 1 if sick else 0


def _examine() -> Iterator[Finding]:
    yield _ffmpeg()
    yield _disk()
    yield _database()
    yield _pages()
    yield _fonts()
    yield _port()
    yield _operator()


def _port() -> Finding:
    free = _port_is_free()
    said = "cli-port-free" if free else "cli-port-taken"
    return Finding("port", free, _say(said, port=str(CONFIGURATION.port)))


def _ffmpeg() -> Finding:
    import imageio_ffmpeg

    try:
        program = imageio_ffmpeg.get_ffmpeg_exe()
        shown = subprocess.run(
            [program, "-hide_banner", "-encoders"], capture_output=True, text=True, check=True
        )
    except (OSError, RuntimeError, subprocess.CalledProcessError) as failure:
        return Finding("ffmpeg", False, str(failure))
    missing = [name for name in ("libx264", "aac") if f" {name} " not in shown.stdout]
    return Finding("ffmpeg", not missing, ", ".join(missing) or program)


def _disk() -> Finding:
    CONFIGURATION.var.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(CONFIGURATION.var).free
    gigabytes = f"{free / 1024**3:.1f}"
    return Finding("disk", free >= LEAST_DISK, _say("cli-disk", free=gigabytes, path=str(CONFIGURATION.var)))


def _database() -> Finding:
    import django
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as failure:
        return Finding("database", False, str(failure).strip())
    return Finding("database", True, _say("cli-database", kind=connection.vendor, waiting=waiting))


def _pages() -> Finding:
    from django.conf import settings

    manifest = settings.BASE / "web" / "static" / "build" / "manifest.json"
    return Finding("pages", manifest.is_file(), str(manifest))


def _fonts() -> Finding:
    from django.conf import settings

    found = sorted((settings.BASE / "web" / "static" / "build" / "fonts").glob("*.ttf"))
    return Finding("fonts", bool(found), str(found[0]) if found else _say("cli-no-fonts"))


def _operator() -> Finding:
    from golmok.domain.shops.business_number import written

    operator = CONFIGURATION.operator
    if operator.missing:
        return Finding("operator", False, _say("law-doctor-empty", names=", ".join(operator.missing)), True)
    if not written(operator.business_number):
        wrong = _say("law-doctor-number", number=operator.business_number)
        return Finding("operator", False, wrong, can_wait=True)
    return Finding("operator", True, _say("law-doctor-filled"))


def _port_is_free() -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", CONFIGURATION.port))
        except OSError:
            return False
    return True


def _say(key: str, **values: object) -> str:
    spoken: Language = "ko" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("ko") else "en"
    return text(key, spoken, **values)


COMMANDS: dict[str, Callable[[], int]] = {
    "up": up,
    "demo": demo,
    "doctor": doctor,
    "organiser": organiser,
}

if __name__ == "__main__":
    sys.exit(main())
