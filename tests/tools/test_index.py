"""The table of contents says what the notebooks say."""

import pytest

import d2lzh_pytorch
from tools import index

ROW = (
    "| 5.5 | [卷积神经网络（LeNet）]({}) | 写出网络，见 3.6 节；训练它 "
    "| Fashion-MNIST | 1.3 分钟 | CPU |"
)


@pytest.fixture
def lesson(repository):
    repository.edit(5, "print(3)", "d2l.load_data_fashion_mnist(256)")
    repository.save()
    return repository


def test_rows_come_from_the_notebook(lesson):
    assert index.main([], lesson.root) == 0
    written = lesson.read("README.zh-CN.md")
    assert ROW.format("notebooks/ch05_cnn/05_lenet.ipynb") in written.splitlines()
    assert "### 第 5 章 卷积神经网络" in written
    assert written.startswith("# 课程\n")
    assert ROW.format("ch05_cnn/05_lenet.ipynb") in lesson.read("notebooks/README.md")


def test_check_refuses_a_stale_table_and_writes_nothing(lesson, capsys):
    before = lesson.read("README.zh-CN.md")
    assert index.main(["--check"], lesson.root) == 1
    assert lesson.read("README.zh-CN.md") == before
    assert "run `make index`" in capsys.readouterr().err
    assert index.main([], lesson.root) == 0
    assert index.main(["--check"], lesson.root) == 0
    lesson.notebook.metadata.d2lzh.seconds = 12
    lesson.save()
    assert index.main(["--check"], lesson.root) == 1


@pytest.mark.parametrize("text", ["", f"{index.END}\n{index.BEGIN}\n", index.BEGIN])
def test_missing_markers_are_said(lesson, capsys, text):
    lesson.write("README.zh-CN.md", text)
    assert index.main([], lesson.root) == 1
    assert f"README.zh-CN.md: no line {index.BEGIN}" in capsys.readouterr().err
    assert lesson.read("README.zh-CN.md") == text


def test_missing_file_is_said(lesson, capsys):
    (lesson.root / "README.zh-CN.md").unlink()
    assert index.main([], lesson.root) == 1
    assert "README.zh-CN.md: no line" in capsys.readouterr().err
    assert not (lesson.root / "README.zh-CN.md").exists()


def test_lesson_that_never_ran(lesson):
    del lesson.notebook.metadata["d2lzh"]
    lesson.save()
    index.main([], lesson.root)
    assert "| Fashion-MNIST | — | — |" in lesson.read("README.zh-CN.md")


def test_every_loader_of_the_package_has_a_data_set():
    loaders = {name for name in dir(d2lzh_pytorch) if name.startswith(("load_", "get_data"))}
    assert loaders - {"get_data"} <= set(index.DATA)  # get_data fetches any of them


def test_broken_notebook_is_said(lesson, capsys):
    lesson.write("notebooks/ch05_cnn/06_broken.ipynb", "{")
    assert index.main([], lesson.root) == 1
    assert "06_broken.ipynb is not a notebook" in capsys.readouterr().err
