"""Write the table of contents into README.zh-CN.md and notebooks/README.md.

Everything in it comes from the notebooks: the title, the goals, what the stored run measured, and
the data from the functions that the code calls.
"""

import argparse
import ast
import os
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from d2lzh_pytorch.lessons import CHAPTERS, Lesson, list_lessons
from tools.check.model import Notebook, dotted, load
from tools.check.parts import items, part_text
from tools.lessons import ROOT, relative

FILES = ("README.zh-CN.md", "notebooks/README.md")
BEGIN, END = "<!-- index:begin -->", "<!-- index:end -->"
HEADER = "| 节 | 标题 | 学到什么 | 数据 | 用时 | 设备 |\n|---|---|---|---|---|---|"

# The function that loads it -> the data set, as readers know it.
DATA = {
    "get_data_ch7": "机翼噪声或糖尿病",
    "load_data_fashion_mnist": "Fashion-MNIST",
    "load_data_jay_lyrics": "歌词",
    "load_data_poems": "唐诗宋词",
    "load_data_poems_split": "唐诗宋词",
    "load_diabetes": "糖尿病（scikit-learn）",
    "load_digits": "手写数字（scikit-learn）",
    "load_fashion_mnist": "Fashion-MNIST",
    "load_house_prices": "房价",
    "load_poems": "唐诗宋词",
    "load_sample_image": "照片（scikit-learn）",
    "load_sample_images": "照片（scikit-learn）",
    "synthetic_linear": "人造数据",
    "synthetic_polynomial": "人造数据",
}


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line; return 1 if an index is stale (--check) or cannot be written."""
    parser = argparse.ArgumentParser(prog="python -m tools.index", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, refuse a stale index")
    arguments = parser.parse_args(argv)
    problems = list(update(root, write=not arguments.check))
    for name, message in problems:
        print(f"{name}: {message}", file=sys.stderr)
    if not problems:
        print(f"{' and '.join(FILES)} list {len(list_lessons(root / 'notebooks'))} lessons")
    return 1 if problems else 0


def update(root: Path, *, write: bool) -> Iterator[tuple[str, str]]:
    """Write the tables that are stale, or yield them, and those that cannot be written."""
    try:
        for path, text, new in _files(root):
            if new is None:
                message = f"no line {BEGIN} before a line {END}; add both where the table belongs"
                yield relative(path, root), message
            elif text != new and write:
                path.write_text(new, encoding="utf-8", newline="\n")
            elif text != new:
                message = "the table of contents is not that of the notebooks; run `make index`"
                yield relative(path, root), message
    except (OSError, ValueError) as error:
        yield "notebooks", f"{error}; without it there is no table of contents"


def _files(root: Path) -> Iterator[tuple[Path, str, str | None]]:
    """Yield each file, its text, and the text it should have, None where the markers lack."""
    for name in FILES:
        path = root / name
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        before, begin, rest = text.partition(BEGIN)
        _, end, after = rest.partition(END)
        if begin and end:
            contents = table(list_lessons(root / "notebooks"), path.parent, root)
            yield path, text, f"{before}{BEGIN}\n\n{contents}\n\n{END}{after}"
        else:
            yield path, text, None


def table(lessons: Sequence[Lesson], folder: Path, root: Path) -> str:
    """Return the table of contents in Markdown, its links relative to `folder`."""
    chapters = []
    for chapter, group in groupby(lessons, key=lambda lesson: lesson.chapter):
        heading = f"### 第 {chapter} 章 {CHAPTERS[chapter]}\n\n{HEADER}"
        chapters.append("\n".join([heading, *(_row(each, folder, root) for each in group)]))
    return "\n\n".join(chapters)


def _row(lesson: Lesson, folder: Path, root: Path) -> str:
    notebook = load(lesson.path, relative(lesson.path, root))
    link = Path(os.path.relpath(lesson.path, folder)).as_posix()
    cells = (
        lesson.number,
        f"[{lesson.title}]({link})",
        _goals(notebook),
        "、".join(_data(notebook)) or "—",
        _duration(lesson.seconds),
        (lesson.device or "—").upper(),
    )
    return "| " + " | ".join(cells) + " |"


def _goals(notebook: Notebook) -> str:
    without_links = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", part_text(notebook, "学习目标"))
    goals = items(without_links)
    return "；".join(goal.rstrip("。；;. ") for goal in goals).replace("|", r"\|")


def _data(notebook: Notebook) -> list[str]:
    called = [
        dotted(node.func).split(".")[-1]
        for _, node in notebook.nodes()
        if isinstance(node, ast.Call)
    ]
    return list(dict.fromkeys(DATA[name] for name in called if name in DATA))


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "—"
    return f"{seconds:.0f} 秒" if seconds < 60 else f"{seconds / 60:.1f} 分钟"


if __name__ == "__main__":
    sys.exit(main())
