"""Rebuild the data that ships in ``data/``.

Run it from the repository's root; it needs nothing but the unpacked Debian packages
``dataset-fashion-mnist`` and ``fortunes-zh``::

    dpkg -x dataset-fashion-mnist_*.deb unpacked
    dpkg -x fortunes-zh_*.deb unpacked
    python -m tools.make_data --debian unpacked

The synthetic house prices need no package: ``python -m tools.make_data``. Running it twice
writes the same bytes. What changes must be entered in ``d2lzh_pytorch/data/catalogue.py``.
"""

import argparse
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from d2lzh_pytorch.data.poems import Poem
from tools.make_house_prices import make_house_prices

COLLECTIONS = ("tang300", "song100")

# Misprints in the names of three poets (and nothing else is corrected).
AUTHORS = {"刘脊虚": "刘眘虚", "卢伦": "卢纶", "张藉": "张籍"}

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PART = re.compile(r"^其[一二三四五六七八九十]$")
# "题目:《自责》二首" and "《感遇・其一》": a title between brackets, then perhaps a remark.
_TITLE = re.compile(r"^(?:题目:)?《(?P<title>.+)》(?P<remark>.*)$")
# "作者:柳开（９４６－９９９）" and "作者：张九龄": a name, then perhaps dates or another name.
_AUTHOR = re.compile(r"^作者[:：](?P<author>[^（〔]+)")


def clean_poems(text: str) -> Iterator[Poem]:
    """Yield the poems of a fortune file.

    Colours, dates, remarks on the title and prefaces in prose are dropped. A poem in parts
    (其一, 其二) becomes one poem a part.

    Parameters
    ----------
    text
        The contents of ``tang300`` or ``song100``.

    Raises
    ------
    ValueError
        If a block has no title or no author where they are expected.
    """
    for block in re.split(r"^%\s*$", _COLOUR.sub("", text), flags=re.MULTILINE):
        if not block.strip():
            continue
        first, second, *body = [line.strip() for line in block.strip().splitlines()]
        title, author = _TITLE.match(first), _AUTHOR.match(second)
        if title is None or author is None:
            raise ValueError(f"No title and author at the head of this block: {first!r}")
        name = title["title"]
        if name.endswith("・并序"):
            name = name.removesuffix("・并序")
            body = body[body.index("") :]
        part = title["remark"] if _PART.match(title["remark"]) else ""
        parts: dict[str, list[str]] = {}
        for line in body:
            if _PART.match(line):
                part = line
            elif line:
                parts.setdefault(part, []).append(line)
        poet = AUTHORS.get(author["author"], author["author"])
        for part, lines in parts.items():
            yield Poem(f"{name}・{part}" if part else name, poet, tuple(lines))


def write_poems(poems: Iterator[Poem], target: Path) -> int:
    """Write one block a poem (title, author, lines), parted by blank lines; return how many."""
    blocks = ["\n".join((poem.title, poem.author, *poem.lines)) for poem in poems]
    target.write_text("\n\n".join(blocks) + "\n", encoding="utf-8", newline="\n")
    return len(blocks)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Rebuild the data that ships in data/.")
    parser.add_argument("--debian", type=Path, help="folder with the two unpacked Debian packages")
    parser.add_argument("--target", type=Path, default=Path("data"), help="default: data")
    arguments = parser.parse_args()
    target: Path = arguments.target
    for name in ("fashion_mnist", "poems", "house_prices"):
        (target / name).mkdir(parents=True, exist_ok=True)
    make_house_prices(target / "house_prices")
    print("house_prices: train.csv, test.csv")
    if arguments.debian is None:
        return
    share: Path = arguments.debian / "usr" / "share"
    for path in sorted((share / "datasets" / "fashion-mnist").glob("*.gz")):
        shutil.copyfile(path, target / "fashion_mnist" / path.name)
        print(f"fashion_mnist: {path.name}")
    for name in COLLECTIONS:
        text = (share / "games" / "fortunes" / name).read_text(encoding="utf-8")
        count = write_poems(clean_poems(text), target / "poems" / f"{name}.txt")
        print(f"poems: {name}.txt, {count} poems")


if __name__ == "__main__":
    main()
