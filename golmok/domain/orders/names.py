"""Names for everybody's eyes."""


def masked_name(name: str) -> str:
    """``김서울`` becomes ``김*울``, ``김솔`` becomes ``김*``."""
    name = name.strip()
    if len(name) < 3:
        return name[:1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]
