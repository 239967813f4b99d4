"""Each rule over a notebook passes the good one and refuses bad ones."""

import re

import pytest
from conftest import code, printed
from nbformat.v4 import new_markdown_cell, new_output

from tools.check.registry import notebook_rules


def edit(number, old, new):
    return lambda repository: repository.edit(number, old, new)


def in_code(source):
    """Put `source` behind the code of cell 5."""
    return edit(5, "print(3)", f"print(3)\n{source}")


def in_prose(text):
    return edit(6, "书里的训练函数。", text)


def tagged(number, *tags):
    return lambda repository: repository.cells[number - 1].metadata.update(tags=list(tags))


def shows(number, output, *tags):
    def spoil(repository):
        repository.cells[number - 1].outputs.append(output)
        repository.cells[number - 1].metadata.tags = list(tags)

    return spoil


def moved(number, to):
    return lambda repository: repository.cells.insert(to - 1, repository.cells.pop(number - 1))


def metadata(**changes):
    return lambda repository: repository.notebook.metadata.update(changes)


def much_output(repository):
    repository.cells[4].outputs = [printed("x" * 700_000)]


def without_prose(repository):
    del repository.cells[5], repository.cells[2]


def old_format(repository):
    repository.notebook.nbformat_minor = 4
    for cell in repository.cells:
        del cell["id"]


def unused_exercise(repository):
    repository.replace(
        "d2lzh_pytorch/exercises/ch05/sec05.py", "@exercise", '@exercise("5.5-2")\n@exercise'
    )


def no_errata(repository):
    repository.cells.insert(6, new_markdown_cell("**与原书不同**：学习率。"))
    repository.write("ERRATA.md", "## 5.4 池化层\n")


def error_output():
    return new_output("error", ename="ValueError", evalue="wrong", traceback=["wrong"])


WIDGET = {"application/vnd.jupyter.widget-view+json": {}}

BAD = [
    ("title", edit(1, "# 5.5", "# 5.6")),
    ("title", edit(1, "# 5.5 ", "## 5.5 ")),
    ("title", in_prose("# 又一个标题")),
    ("opening", edit(1, "一张图片怎样变成一个类别？本节用一个小网络回答。", "")),
    ("parts", edit(1, "学习目标", "目标")),
    ("parts", edit(8, "**小结**", "**小结束**")),
    ("parts", moved(11, 3)),
    ("parts", moved(2, 1)),
    ("goals", edit(1, "- 训练它。", "")),
    ("prerequisites", edit(1, "[3.6 softmax 回归](../ch03_basics/06_softmax.ipynb)", "3.6 节")),
    ("summary", edit(8, "- 三。", "")),
    ("exercises", edit(8, "3. 为什么？", "")),
    ("exercises", edit(10, "d2l.check", "print")),
    ("import-cell", edit(2, "import d2lzh_pytorch as d2l", "import d2lzh_pytorch")),
    ("seed", edit(2, "d2l.set_seed(0)", "")),
    ("cell-length", in_code("\n".join("x = 1" for _ in range(24)))),
    ("empty-cell", edit(6, "书里的训练函数。", "  ")),
    ("prose-between-code", without_prose),
    ("tensor-data", in_code("net.weight.data[0] = 1")),
    ("tensor-data", in_code("print(net.loss.data[0])")),
    ("tensor-data", in_code("net.weight.data -= 0.1")),
    ("tensor-data", in_code("net.weight.data.zero_()")),
    ("variable", in_code("x = torch.autograd.Variable(net)")),
    ("variable", in_code("from torch.autograd import Variable")),
    ("pretrained", in_code("net = resnet18(pretrained=True)")),
    ("next-method", in_code("X, y = iter(data).next()")),
    ("torch-load", in_code("torch.load('net.pt')")),
    ("torch-load", in_code("torch.load('net.pt', weights_only=False)")),
    ("sys-path", in_code("import sys\nsys.path.append('..')")),
    ("install", in_code("%pip install torch")),
    ("install", in_code("!pip install torch")),
    ("matplotlib-formats", in_code("display.set_matplotlib_formats('svg')")),
    ("clear-output", in_code("from IPython.display import clear_output")),
    ("syntax", in_code("for x in")),
    ("absolute-path", in_code("open('/home/li/data.csv')")),
    ("absolute-path", in_code("open('C:\\\\data.csv')")),
    ("warnings-filter", in_code("warnings.filterwarnings('ignore')")),
    ("trailing-semicolon", in_code("net;")),
    ("nbval-comment", in_code("# NBVAL_IGNORE_OUTPUT")),
    ("public-name", in_code("d2l.nothing()")),
    ("public-name", in_code("from d2lzh_pytorch import nothing")),
    ("public-name", in_prose("函数 `d2l.nothing` 很好。")),
    ("exercise-ids", edit(10, "5.5-1", "5.5-9")),
    ("exercise-ids", edit(10, '"5.5-1"', "number")),
    ("exercise-ids", edit(10, '"5.5-1", double)', '"5.5-1", double)\nd2l.hint("3.6-1")')),
    ("exercise-ids", unused_exercise),
    ("spacing", in_prose("这是ReLU 函数。")),
    ("spacing", in_prose("共有 3个。")),
    ("spacing", in_prose("这是**ReLU**函数。")),
    ("punctuation", in_prose("第一,第二。")),
    ("punctuation", in_prose("函数(逐元素)。")),
    ("punctuation", in_prose("到此为止.")),
    ("punctuation", in_prose("用 `x`, 然后结束。")),
    ("punctuation", in_prose('所谓"深度"。')),
    ("banned-phrase", in_prose("众所周知，水往低处流。")),
    ("unfinished", in_code("# TODO: faster")),
    ("unfinished", in_prose("图待补。")),
    ("unfinished", in_prose("@RESULT@")),
    ("terms", in_prose("再加上随机失活。")),
    ("links", in_prose("见 [下节](06_alexnet.ipynb)。")),
    ("links", in_prose("![图](../img/none.svg)")),
    ("links", in_prose('<img src="../img/none.svg">')),
    ("links", in_prose("[图](/srv/img/net.svg)")),
    ("links", in_prose("![图](attachment:net.png)")),
    ("links", in_prose("见 [3.7 节](../ch03_basics/06_softmax.ipynb)。")),
    ("tags", tagged(5, "nbval-ignore-output")),
    ("tags", tagged(5, "nbval-ignore-output", "random", "timing")),
    ("tags", tagged(5, "random")),
    ("tags", tagged(5, "slow")),
    ("tags", tagged(6, "saved")),
    ("tags", tagged(9, "nbval-ignore-output", "random")),
    ("tags", tagged(4, "saved", "saved")),
    ("execution-count", lambda r: r.cells[3].update(execution_count=7)),
    ("execution-count", lambda r: r.cells[3].update(execution_count=None)),
    ("stderr", shows(5, printed("warning", name="stderr"))),
    ("error-output", shows(5, error_output())),
    ("error-output", tagged(5, "raises-exception")),
    ("machine-path", shows(5, printed("/home/li/.cache"))),
    ("machine-path", lambda r: r.cells[4].outputs.append(printed(f"{r.root}/data"))),
    ("widgets", shows(5, new_output("display_data", data=WIDGET))),
    ("widgets", metadata(widgets={})),
    ("kernelspec", metadata(kernelspec={"name": "conda", "display_name": "conda"})),
    ("file-size", much_output),
    ("format", old_format),
    ("format", lambda r: r.cells[3].update(surplus=1)),
    ("run-record", lambda r: r.notebook.metadata.d2lzh.pop("seconds")),
    ("run-record", lambda r: r.notebook.metadata.pop("d2lzh")),
    ("stale", edit(5, "print(3)", "print(4)")),
    ("saved", edit(4, "+ b", "- b")),
    ("saved", edit(4, "linreg", "linreg2")),
    ("saved", tagged(2, "saved")),
    ("not-saved", tagged(4)),
    ("not-saved", edit(3, "`d2l.train`", "训练函数")),
    ("errata", no_errata),
]


def test_good_notebook_passes(repository):
    assert repository.check() == []


@pytest.mark.parametrize(("rule", "spoil"), BAD, ids=[rule for rule, _ in BAD])
def test_bad_notebook_is_refused(repository, rule, spoil):
    spoil(repository)
    findings = [finding for finding in repository.check() if finding.rule == rule]
    assert findings
    for finding in findings:
        form = rf"{repository.lesson}: (cell \d+: )?{rule}: .+; .+"  # what is wrong; what to do
        assert re.match(form, str(finding))


@pytest.mark.parametrize(
    "name", ["notebooks/ch05_cnn/lenet.ipynb", "notebooks/5.5.ipynb", "notebooks/ch5/05_a.ipynb"]
)
def test_bad_file_name_is_refused(repository, name):
    assert "file-name" in {finding.rule for finding in repository.check(name)}


def test_every_rule_has_a_bad_notebook():
    assert {rule for rule, _ in BAD} | {"file-name"} == set(notebook_rules)


@pytest.mark.parametrize(
    "spoil",
    [
        in_code("# the book's own warning\nwarnings.filterwarnings('ignore')"),
        in_code("torch.load('net.pt', weights_only=True)"),
        in_code("loader = torch.utils.data[0]"),
        in_code("x = torch.rand(2, generator=g)"),
        in_code("%timeit net(1)"),
        in_code("torch.rand?"),
        in_prose(
            "形状是 $(2,3)$，用 `f(x,y)`；见 [5.5 节](05_lenet.ipynb#x) 和 <https://a.org/用x>。"
        ),
        in_prose("| 名 | 值 |\n|---|---|\n| 甲 | 1.5 |\n\n```python\nx=1,2;中文x\n```"),
        in_prose("```bash\n# comment\n```"),
        in_prose("区间 $[a](b)$ 与 $$[a](b)$$。"),
        in_prose("丢弃法（dropout）是 50% 的概率。"),
        edit(1, "**学习目标**", "## 学习目标"),
        edit(
            8, "1. 写出 `double`。\n2. 把学习率乘以十会怎样？\n3. 为什么？", "### 1\n### 2\n### 3"
        ),
        edit(8, "- 一。\n- 二。\n- 三。", "一。二！三？"),
        tagged(5, "nbval-skip"),
        shows(5, error_output(), "raises-exception"),
        edit(4, '"""Say nothing."""', "# nothing"),
        edit(4, "(X, w, b)", "(X: torch.Tensor, w, b) -> torch.Tensor"),
        edit(4, "def linreg", "lr = 0.1\n\n\ndef linreg"),
    ],
)
def test_good_variants_pass(repository, spoil):
    spoil(repository)
    repository.update_hash()
    assert [str(finding) for finding in repository.check()] == []


def test_notebook_without_code_needs_no_check_of_exercises(repository):
    repository.notebook.cells = [cell for cell in repository.cells if cell.cell_type != "code"]
    rules = {finding.rule for finding in repository.check()}
    assert rules == {"exercise-ids", "stale"}  # exercise 5.5-1 exists and is no longer used


def test_difference_is_shown_line_by_line(repository):
    repository.edit(4, "+ b", "- b")
    (finding,) = (each for each in repository.check() if each.rule == "saved")
    assert finding.cell == 4
    assert "-    return matmul(X, w) - b\n+    return matmul(X, w) + b" in finding.message


def test_code_cells_are_numbered_with_the_text(repository):
    repository.cells.append(code("d2l.nothing"))
    (finding,) = (each for each in repository.check() if each.rule == "public-name")
    assert finding.cell == 12
