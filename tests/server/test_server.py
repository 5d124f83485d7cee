"""The process around the application."""

import resource
import subprocess
import sys

LIMITS = """
import resource
_soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
from golmok import server
server.Server.run = lambda self: print(*resource.getrlimit(resource.RLIMIT_NOFILE))
server.serve()
"""


def test_a_server_may_open_as_many_files_as_the_system_allows() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    shown = subprocess.run([sys.executable, "-c", LIMITS], check=True, capture_output=True, text=True)
    assert shown.stdout.split() == [str(hard), str(hard)]
