"""Notebooks are run, stored whole or left alone, and failures say where and why."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import notebook as notebooks
from tools.execute import main

COUNT = """\
import os
from IPython.display import display
print(os.environ["TQDM_DISABLE"], os.environ["PYTHONHASHSEED"], os.environ.get("D2LZH_SMOKE"))
print("second line")
display({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "bar"}, raw=True)
print("third line")"""
TRAIN = """\
for epoch in (1, 2):
    print(f"epoch {epoch}, loss 0.5, train acc 0.7, test acc 0.{epoch}25, time 1.0 sec")
print("a table")"""


@pytest.fixture
def course(tmp_path):
    """Write notebooks of the given cells as sections 5.5, 5.6, ..."""

    def write(*lessons):
        (tmp_path / "notebooks" / "ch05_cnn").mkdir(parents=True)
        paths = []
        for section, cells in enumerate(lessons, start=5):
            path = tmp_path / "notebooks" / "ch05_cnn" / f"{section:02d}_lesson.ipynb"
            title = new_markdown_cell(f"# 5.{section} 第 {section} 节")
            notebook = new_notebook(cells=[title, *(new_code_cell(cell) for cell in cells)])
            notebook.metadata.update(jupytext={"formats": "ipynb,py"}, widgets={})
            notebook.metadata.kernelspec = {"name": "no-such-kernel", "display_name": "none"}
            nbformat.write(notebook, path)
            paths.append(path)
        return paths

    write.root = tmp_path
    return write


def test_outputs_are_stored_in_the_one_form(course, monkeypatch, capsys):
    monkeypatch.setenv("D2LZH_SMOKE", "1")
    (path,) = course([COUNT, "", "1 + 1"])
    assert main([], course.root) == 0
    notebook = nbformat.read(path, as_version=4)
    first, empty, last = notebook.cells[1:]
    assert (first.execution_count, empty.execution_count, last.execution_count) == (1, None, 2)
    assert [output.output_type for output in first.outputs] == ["stream"]
    assert first.outputs[0].text == "1 0 None\nsecond line\nthird line\n"
    assert last.outputs[0].data["text/plain"] == "2"
    assert set(notebook.metadata) == {"d2lzh", "kernelspec", "language_info"}
    assert notebook.metadata.kernelspec == notebooks.KERNELSPEC
    assert notebook.metadata.language_info == {"name": "python"}
    record = notebook.metadata.d2lzh
    assert set(record) == {"code_hash", "device", "python", "seconds", "torch"}
    assert record.code_hash == notebooks.code_hash(notebook)

    before = path.read_bytes()
    assert main([], course.root) == 0
    assert "0 notebooks changed" in capsys.readouterr().out
    assert path.read_bytes() == before


def test_only_changed_notebooks_run(course):
    changed, same = course(["print('ran')"], ["print('ran')"])
    notebook = nbformat.read(same, as_version=4)
    notebook.metadata.d2lzh = {"code_hash": notebooks.code_hash(notebook)}
    nbformat.write(notebook, same)
    assert main([], course.root) == 0
    assert "ran" in nbformat.read(changed, as_version=4).cells[1].outputs[0].text
    assert nbformat.read(same, as_version=4).cells[1].outputs == []
    assert main(["--all"], course.root) == 0
    assert nbformat.read(same, as_version=4).cells[1].outputs != []


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("raise ValueError('too wide')", "cell 2: ValueError: too wide"),
        ("while True: pass", "cell 2: took more than 3 seconds"),
        ("import os; os._exit(1)", "cell 2: the kernel died"),
    ],
    ids=["error", "hang", "death"],
)
def test_failure_leaves_the_stored_file_alone(course, capsys, cell, reason):
    (path,) = course([cell])
    before = path.read_bytes()
    assert main(["5.5", "--timeout", "3"], course.root) == 1
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert f"notebooks/ch05_cnn/05_lesson.ipynb: {reason}" in capsys.readouterr().err


def test_lesson_for_a_learner(course, capsys):
    (path,) = course([TRAIN])
    image = course.root / "notebooks" / "img" / "net.svg"
    image.parent.mkdir()
    image.write_text("<svg/>")
    before = path.read_bytes()
    assert main(["--run", "5.5"], course.root) == 0
    assert path.read_bytes() == before
    executed = course.root / "build" / "notebooks" / "ch05_cnn" / "05_lesson.ipynb"
    assert "test acc 0.225" in nbformat.read(executed, as_version=4).cells[1].outputs[0].text
    assert (executed.parents[1] / "img" / "net.svg").is_file()
    shown = capsys.readouterr()
    assert "epoch 1, loss 0.5" in shown.out + shown.err
    assert "a table" not in shown.out + shown.err
    assert "Test accuracy:     0.225\n" in shown.out
    assert str(executed) in shown.out


def test_failed_lesson_is_kept_for_inspection(course, capsys):
    (path,) = course(["print('before')", "1 / 0", "print('after')"])
    stored = nbformat.read(path, as_version=4)
    stored.cells[3].outputs = [new_output("stream", text="of an earlier run")]
    nbformat.write(stored, path)
    assert main(["--run", "5.5"], course.root) == 1
    executed = course.root / "build" / "notebooks" / "ch05_cnn" / "05_lesson.ipynb"
    cells = nbformat.read(executed, as_version=4).cells
    assert cells[1].outputs[0].text == "before\n"
    assert cells[2].outputs[0].ename == "ZeroDivisionError"
    assert cells[3].outputs == []
    shown = capsys.readouterr()
    assert "cell 3: ZeroDivisionError: division by zero" in shown.err
    assert "Test accuracy" not in shown.out


def test_wrong_lesson(course, capsys):
    course([])
    assert main(["--run", "5.55"], course.root) == 2
    assert "Nearest: 5.5 第 5 节" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stop:
        main(["--run"], course.root)
    assert stop.value.code == 2


def test_hash_sees_code_and_nothing_else():
    def digest(*cells):
        return notebooks.code_hash(new_notebook(cells=list(cells)))

    base = digest(new_markdown_cell("a"), new_code_cell("x = 1"))
    output = new_output("stream", text="1")
    assert base == digest(new_markdown_cell("b"), new_code_cell("x = 1", outputs=[output]))
    assert base == digest(new_code_cell("x = 1\n"), new_code_cell(" "))
    assert base != digest(new_code_cell("x = 2"))
    assert base != digest(new_code_cell("x = 1"), new_code_cell("x = 1"))
    assert digest(new_code_cell("a"), new_code_cell("b")) != digest(new_code_cell("a\nb"))


def test_tracebacks_lose_the_place_of_the_repository(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    root = tmp_path / "course"
    lines = [f"File {root}/d2l/a.py:3", "File ~/course/d2l/a.py:3"]
    error = new_output("error", ename="E", evalue="e", traceback=lines)
    notebook = new_notebook(cells=[new_code_cell("f()", outputs=[error])])
    (output,) = notebooks.normalised(notebook, {}, root).cells[0].outputs
    assert output.traceback == ["File d2l/a.py:3"] * 2


def test_cell_metadata_keeps_only_tags():
    cell = new_code_cell("x", metadata={"tags": ["saved"], "collapsed": True})
    notebook = new_notebook(cells=[cell, new_code_cell("y", metadata={"tags": []})])
    notebook.nbformat_minor = 4
    del notebook.cells[1]["id"]
    first, second = notebooks.normalised(notebook, {}, notebooks.Path("/course")).cells
    assert (first.metadata, second.metadata) == ({"tags": ["saved"]}, {})
    assert second.id


def test_broken_file_is_said(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text("{}")
    with pytest.raises(ValueError, match=r"a.ipynb cannot be read as a notebook"):
        notebooks.read(path)
