"""``lessons``: what it lists, on lessons of our own."""

from pathlib import Path

import pytest

from d2lzh_pytorch import lessons
from d2lzh_pytorch.__main__ import main
from d2lzh_pytorch.lessons import Lesson

LESSONS = [
    Lesson(3, 1, "线性回归", Path("notebooks/ch03_basics/01_linear_regression.ipynb"), 30.0, "cpu"),
    Lesson(3, 11, "模型选择", Path("notebooks/ch03_basics/11_model_selection.ipynb"), None, None),
    Lesson(5, 5, "卷积神经网络（LeNet）", Path("notebooks/ch05_cnn/05_lenet.ipynb"), 200.0, "cpu"),
]


@pytest.fixture(autouse=True)
def _invented(monkeypatch):
    monkeypatch.setattr(lessons, "list_lessons", lambda: LESSONS)


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ([], ["3.1", "3.11", "5.5"]),
        (["3"], ["3.1", "3.11"]),
        (["3."], ["3.1", "3.11"]),
        (["3.1"], ["3.1"]),
        (["LeNet"], ["5.5"]),
        (["回归"], ["3.1"]),
        (["ch05"], ["5.5"]),
    ],
)
def test_lists_what_matches(arguments, numbers, capsys):
    assert main(["lessons", *arguments]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == numbers


def test_one_line_a_lesson(capsys):
    main(["lessons", "3"])
    first, second = capsys.readouterr().out.splitlines()
    assert first.split() == ["3.1", "0.5", "min", "ch03_basics/01_linear_regression", "线性回归"]
    assert second.split() == ["3.11", "-", "ch03_basics/11_model_selection", "模型选择"]


@pytest.mark.parametrize("text", ["9", "5.4", "transformer"])
def test_no_such_lesson(text, capsys):
    assert main(["lessons", text]) == 1
    assert (
        f"There is no lesson {text!r}. The lessons go from 3.1 to 5.5." in capsys.readouterr().err
    )


def test_no_lessons_at_all(monkeypatch, capsys):
    monkeypatch.setattr(lessons, "list_lessons", list)
    assert main(["lessons"]) == 1
    assert "holds no lesson" in capsys.readouterr().err


def test_package_without_its_repository(monkeypatch, capsys):
    def fails():
        raise FileNotFoundError("There are no notebooks here.")

    monkeypatch.setattr(lessons, "list_lessons", fails)
    assert main(["lessons"]) == 1
    assert capsys.readouterr().err == "There are no notebooks here.\n"
