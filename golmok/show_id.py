"""What the id of a show looks like, for whoever makes a folder's name of one that came in an address."""

import re

SHOW_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
"""At most 32 characters, which is what the database holds."""
