"""In which encoding is the text of a Shapefile? Its .cpg says, its language byte, or the text itself."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from gis_grids.errors import BadFile
from gis_grids.vectorfiles.features import Note

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

LOSSLESS: Final = "ISO-8859-1"
"""What GDAL is told: every byte becomes one character, so the bytes can be had back."""

_CHINESE: Final = "gb18030"
"""What "GBK", "GB2312" and code page 936 are read as: it contains them both."""
_LANGUAGE_BYTES: Final = {0x4D: _CHINESE, 0x7A: _CHINESE, 0x4F: "big5", 0x78: "big5"}
_CODE_PAGES: Final = {"936": _CHINESE, "54936": _CHINESE, "65001": "utf-8", "950": "big5"}
_FIRST_EAST_ASIAN: Final = "\u2e80"
_CATCH_ALL: Final = {"iso8859-1", "cp1252"}
_GB: Final = {"gbk", "gb2312", "hz"}


def codec_named(name: str) -> str | None:
    """Return Python's name of an encoding as people and .cpg files write it, or None."""
    bare = name.strip().lower().removeprefix("ansi").strip(" _-")
    bare = _CODE_PAGES.get(re.sub(r"^cp", "", bare), bare)
    try:
        known = codecs.lookup(bare).name
    except LookupError:
        return None
    return _CHINESE if known in _GB else known


def shapefile_encoding(path: Path, texts: Sequence[str], *, told: str | None) -> tuple[str, tuple[Note, ...]]:
    """Return the encoding of a Shapefile's texts, and what to say about it.

    `texts` are all its texts as read with `LOSSLESS`. `told` is what the person says and wins. Next come
    the .cpg file and the .dbf's language byte, unless the texts contradict them; else UTF-8, else GB 18030.
    """
    raw = {text.encode(LOSSLESS) for text in texts}
    if told is not None:
        return chosen_encoding(told), ()
    named = [codec for codec in (_from_cpg(path), _from_dbf(path)) if codec]
    if all(text.isascii() for text in raw):
        return "utf-8", ()
    for codec in named:
        if _all_readable(raw, codec) and not _is_contradicted(codec, raw):
            return codec, ()
    for codec in ("utf-8", _CHINESE):
        if _all_readable(raw, codec):
            return codec, (Note("file.encoding_guessed", {"encoding": codec}),)
    raise BadFile.of("file.encoding_unknown", file=path.name)


def chosen_encoding(name: str) -> str:
    """Return the codec a person asked for, or raise `BadFile` ("file.encoding_not_known")."""
    codec = codec_named(name)
    if codec is None:
        raise BadFile.of("file.encoding_not_known", encoding=name[:40])
    return codec


def decoded(text: str, codec: str) -> str:
    """Return a text read with `LOSSLESS` as it was meant; a last character cut in half is dropped."""
    return text.encode(LOSSLESS).decode(codec, errors="ignore" if codec == "utf-8" else "replace")


def _all_readable(texts: Iterable[bytes], codec: str) -> bool:
    return all(_readable(text, codec) for text in texts)


def _readable(text: bytes, codec: str) -> bool:
    """Tell whether a text can be read so; fields of fixed width may cut the last character."""
    try:
        codecs.getincrementaldecoder(codec)().decode(text, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _is_contradicted(codec: str, texts: Collection[bytes]) -> bool:
    """Tell whether texts that can be read in an encoding are plainly in another one.

    GB 18030 reads UTF-8 too, as other characters; and ISO 8859-1 reads everything: it is what programs
    write who don't know better.
    """
    if codec == "utf-8":
        return False
    if _is_chinese_in_utf8(texts):
        return True
    foreign = [text for text in texts if not text.isascii()]
    chinese = sum(_readable(text, "gb2312") for text in foreign)
    return codec in _CATCH_ALL and 2 * chinese > len(foreign)


def _is_chinese_in_utf8(texts: Iterable[bytes]) -> bool:
    """Tell whether the texts are UTF-8 and give nothing but East Asian characters beside ASCII.

    Texts in GB 18030 or Big5 almost never are: what can be read as UTF-8 gives Latin or Greek letters.
    """
    try:
        characters = "".join(text.decode("utf-8", errors="strict") for text in texts)
    except UnicodeDecodeError:
        return False
    return all(character.isascii() or character >= _FIRST_EAST_ASIAN for character in characters)


def _from_cpg(path: Path) -> str | None:
    cpg = companion(path, ".cpg")
    return codec_named(cpg.read_text("ascii", errors="replace")[:40]) if cpg else None


def _from_dbf(path: Path) -> str | None:
    dbf = companion(path, ".dbf")
    if dbf is None:
        return None
    with dbf.open("rb") as file:
        header = file.read(30)
    return _LANGUAGE_BYTES.get(header[29]) if len(header) == 30 else None  # noqa: PLR2004 (dBase header)


def companion(path: Path, suffix: str) -> Path | None:
    """Return the file of a Shapefile that has this suffix, in small letters or capitals, if there is one."""
    candidates = (path.with_suffix(suffix), path.with_suffix(suffix.upper()))
    return next((candidate for candidate in candidates if candidate.is_file()), None)
