"""``python -m mapui.trust FOLDER NAME...``: make the certificates, print the authority's fingerprint."""

from __future__ import annotations

import sys
from pathlib import Path

from mapui.trust.certificates import fingerprint, make_certificates


def main(folder: str, *names: str) -> None:
    """Make what is missing; names are host names and addresses."""
    files = make_certificates(Path(folder), names)
    sys.stdout.write(f"{fingerprint(files.authority)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
