"""Golmok's settings with a var folder that lasts as long as the run: one for each worker, none kept."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

VAR = Path(tempfile.mkdtemp(prefix="golmok-tests-"))
atexit.register(shutil.rmtree, VAR, ignore_errors=True)
os.environ["GOLMOK_VAR"] = str(VAR)
(VAR / "static").mkdir()  # WhiteNoise warns of a missing one, and a warning is an error here

from golmok.settings import *  # noqa: E402, F403 - only after the folder is named
