"""A small good repository, which the tests then spoil."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import tools.check.__main__  # noqa: F401  registers the rules
from tools import index
from tools.check.model import Project
from tools.check.registry import check_notebook, check_project
from tools.notebook import KERNELSPEC, code_hash

OPENING = """# 5.5 卷积神经网络（LeNet）

一张图片怎样变成一个类别？本节用一个小网络回答。

**学习目标**

- 写出网络，见 [3.6 节](../ch03_basics/06_softmax.ipynb)；
- 训练它。

**先修**：[3.6 softmax 回归](../ch03_basics/06_softmax.ipynb)
"""
BODY = """## 网络

`nn.Linear` 的权重记作 $W$，形状是 $(3, 2)$。![结构](../img/net.svg) `d2l.train` 另外显示进度条。
"""
CLOSING = """**小结**

- 一。
- 二。
- 三。

**练习**

1. 写出 `double`。
2. 把学习率乘以十会怎样？
3. 为什么？
"""
REFERENCES = "**参考**：书中 5.5 节；[论文](https://example.org/paper)。\n"
IMPORTS = "import torch\n\nimport d2lzh_pytorch as d2l\n\nd2l.set_seed(0)"
SAVED = '''def linreg(X, w, b):
    """Say nothing."""
    return d2l.matmul(X, w) + b  # (n, 1)'''
OWN_TRAIN = "def train(net):\n    print('epoch 1, loss 0.5, test acc 0.812')"

PACKAGE = {
    "__init__.pyi": """\
from .data.images import load_images as load_images
from .exercises import check as check
from .exercises import hint as hint
from .layers import linreg as linreg
from .layers import lr as lr
from .layers import matmul as matmul
from .seed import set_seed as set_seed
from .training import train as train
""",
    "layers.py": '''\
from torch import Tensor

lr: float = 0.1


def matmul(a: Tensor, b: Tensor) -> Tensor:
    return a @ b


def linreg(X: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Compute it.

    At length.
    """
    return matmul(X, w) + b
''',
    "training/__init__.py": "from d2lzh_pytorch.training.loops import train as train\n",
    "training/loops.py": "def train(net):\n    for _ in progress(range(3)):\n        pass\n",
    "exercises/ch05/sec05.py": """\
@exercise("5.5-1", inputs=_numbers, hint="乘以二。")
def double(x: float) -> float:
    return 2 * x
""",
}
FILES = {
    "README.md": "# Course\n",
    "README.zh-CN.md": f"# 课程\n\n{index.BEGIN}\n{index.END}\n",
    "LICENSE": "MIT\n",
    "CONTRIBUTING.md": "See [the notebooks](notebooks/README.md).\n",
    "CHANGELOG.md": "",
    "ERRATA.md": "## 5.5 LeNet\n",
    "RESULTS.md": "",
    "Makefile": "",
    ".ci/run": "",
    "notebooks/README.md": f"# 目录\n\n{index.BEGIN}\n{index.END}\n",
    "notebooks/TERMS.md": """\
| 中文 | English | 说明 | 避免 |
|---|---|---|---|
| 丢弃法 | dropout | 随机置零 | 随机失活、丢弃 |
| 张量 | tensor | 多维数组 | |
""",
    "notebooks/img/net.svg": "<svg/>",
    "environment.yml": """\
dependencies:
  - python=3.12
  - pip
  - pip:
      - -r requirements.txt
      - -e .
""",
    "requirements.txt": "# pins\nnumpy==2.4.6\ntypes_tqdm==4.70.0\n",
    "pyproject.toml": """\
[project]
name = "course"
requires-python = ">=3.11"
dependencies = ["numpy>=2.0"]
optional-dependencies = {dev = ["types-tqdm>=4.66"]}
""",
    ".github/workflows/ci.yml": """\
name: CI
on: [push]
permissions:
  contents: read
concurrency:
  group: ci
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - run: make test
        name: Test
""",
}


def code(source, *outputs, tags=()):
    metadata = {"tags": list(tags)} if tags else {}
    return new_code_cell(source, outputs=list(outputs), metadata=metadata)


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def good_notebook():
    """A notebook in which no rule finds anything."""
    ignored = ["nbval-ignore-output", "training"]
    cells = [
        new_markdown_cell(OPENING),
        code(IMPORTS),
        new_markdown_cell(BODY),
        code(SAVED, tags=["saved"]),
        code("net = torch.nn.Linear(2, 3)\nprint(3)", printed("3\n")),
        new_markdown_cell("书里的训练函数。"),
        code(f"{OWN_TRAIN}\n\n\ntrain(net)", printed("epoch 1, loss 0.5\n"), tags=ignored),
        new_markdown_cell(CLOSING),
        code("def double(x): ..."),
        code('d2l.check("5.5-1", double)', printed("未作答\n")),
        new_markdown_cell(REFERENCES),
    ]
    number = 0
    for cell in cells:
        if cell.cell_type == "code":
            number += 1
            cell.execution_count = number
    notebook = new_notebook(cells=cells, metadata={"kernelspec": dict(KERNELSPEC)})
    notebook.metadata.d2lzh = {
        "code_hash": code_hash(notebook),
        "device": "cpu",
        "python": "3.12.1",
        "seconds": 75.2,
        "torch": "2.15.0",
    }
    return notebook


class Repository:
    """Files under `root`, and one notebook, section 5.5, kept in memory until `save`."""

    lesson = "notebooks/ch05_cnn/05_lenet.ipynb"

    def __init__(self, root: Path):
        self.root = root
        self.notebook = good_notebook()
        for name, text in FILES.items():
            self.write(name, text)
        for name, text in PACKAGE.items():
            self.write(f"d2lzh_pytorch/{name}", text)
        other = new_notebook(cells=[new_markdown_cell("# 3.6 softmax 回归")])
        self.write("notebooks/ch03_basics/06_softmax.ipynb", nbformat.writes(other))

    @property
    def cells(self):
        return self.notebook.cells

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def read(self, name):
        return (self.root / name).read_text(encoding="utf-8")

    def replace(self, name, old, new):
        text = self.read(name)
        assert old in text
        self.write(name, text.replace(old, new))

    def edit(self, number, old, new):
        """Replace text in the cell with this number, counted from 1."""
        cell = self.cells[number - 1]
        assert old in cell.source
        cell.source = cell.source.replace(old, new)

    def save(self, name=lesson):
        return self.write(name, nbformat.writes(self.notebook))

    def update_hash(self):
        self.notebook.metadata.d2lzh.code_hash = code_hash(self.notebook)

    def check(self, name=lesson):
        """Save the notebook and return what the rules find in it."""
        self.save(name)
        project = Project(self.root)
        (notebook,) = (each for each in project.notebooks if each.name == name)
        return list(check_notebook(notebook, project))

    def check_project(self):
        return list(check_project(Project(self.root)))

    def stored(self, name=lesson):
        return json.loads(self.read(name))


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path)
