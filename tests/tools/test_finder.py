"""Lessons are found by number, name, path and title."""

import pytest

from d2lzh_pytorch.lessons import LessonNotFoundError, find_lesson, list_lessons


@pytest.fixture
def lessons(repository):
    repository.save()
    repository.notebook.cells[0].source = "# 5.10 批量归一化\n\n文字"
    del repository.notebook.metadata["d2lzh"]
    repository.save("notebooks/ch05_cnn/10_batch_norm.ipynb")
    repository.save("notebooks/ch05_cnn/draft.ipynb")
    return list_lessons(repository.root / "notebooks")


def test_order_and_content(lessons):
    assert [lesson.number for lesson in lessons] == ["3.6", "5.5", "5.10"]
    lenet, norm = lessons[1:]
    assert (lenet.title, lenet.seconds, lenet.device) == ("卷积神经网络（LeNet）", 75.2, "cpu")
    assert (norm.title, norm.seconds, norm.device) == ("批量归一化", None, None)
    assert lenet.name == "ch05_cnn/05_lenet"


@pytest.mark.parametrize(
    "text",
    [
        "5.5",
        " LeNet ",
        "05_lenet",
        "ch05_cnn/05_lenet",
        "notebooks/ch05_cnn/05_lenet.ipynb",
        "卷积神经网络（LeNet）",
    ],
)
def test_found(lessons, text):
    assert find_lesson(text, lessons).number == "5.5"


def test_found_by_absolute_path(lessons):
    assert find_lesson(str(lessons[2].path), lessons).number == "5.10"


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("5.6", "5.5 卷积神经网络（LeNet）"),
        ("lennet", "5.5 卷积神经网络（LeNet）"),
        ("归一化", "5.10 批量归一化"),
        ("05_lenet2.ipynb", "5.5 卷积神经网络（LeNet）"),
        ("zzz", "The lessons go from 3.6 to 5.10"),
        ("", "The lessons go from 3.6 to 5.10"),
    ],
)
def test_not_found_names_the_nearest(lessons, text, nearest):
    with pytest.raises(LessonNotFoundError) as error:
        find_lesson(text, lessons)
    assert repr(text) in str(error.value)
    assert nearest in str(error.value)


def test_no_lessons(tmp_path):
    assert list_lessons(tmp_path) == []
    with pytest.raises(LessonNotFoundError, match="no lesson at all"):
        find_lesson("5.5", [])


def test_no_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match="--editable"):
        list_lessons(tmp_path / "notebooks")


def test_broken_notebook(repository):
    repository.write(repository.lesson, "{")
    with pytest.raises(ValueError, match=r"05_lenet.ipynb is not a notebook.*git checkout"):
        list_lessons(repository.root / "notebooks")
