import dataclasses
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from data_server import fingerprint

from d2lzh_pytorch.data.catalogue import CATALOGUE, DataFile, DataSet
from d2lzh_pytorch.data.errors import DataError
from d2lzh_pytorch.data.poems import (
    UNKNOWN,
    load_data_jay_lyrics,
    load_data_poems,
    load_data_poems_split,
    load_poems,
)


@pytest.mark.parametrize(("collection", "count"), [("tang300", 313), ("song100", 101)])
def test_poems_are_clean(collection: Any, count: int) -> None:
    poems = load_poems(collection)
    assert len(poems) == count
    for poem in poems:
        assert poem.title
        assert poem.author
        assert poem.lines
        for text in (poem.title, poem.author, *poem.lines):
            assert text == text.strip()
            assert not set(text) & set("\x1b%《》（）[]\r\n")
        assert all(line[-1] in "，。！？；：、" for line in poem.lines)
        assert len(poem.author) <= 4


def test_tang_is_the_default() -> None:
    assert load_poems() == load_poems("tang300")
    spring = next(poem for poem in load_poems() if poem.title == "春晓")
    assert spring.author == "孟浩然"
    assert spring.lines == ("春眠不觉晓，处处闻啼鸟。", "夜来风雨声，花落知多少。")


def test_no_such_collection() -> None:
    with pytest.raises(ValueError, match=r"'yuan'; there are tang300, song100"):
        load_poems("yuan")  # type: ignore[arg-type]


def assert_is_corpus(corpus: tuple[list[int], dict[str, int], list[str], int], text: str) -> None:
    corpus_indices, char_to_idx, idx_to_char, vocab_size = corpus
    assert "".join(idx_to_char[index] for index in corpus_indices) == text
    assert idx_to_char == sorted(set(text))
    assert {char: index for index, char in enumerate(idx_to_char)} == char_to_idx
    assert vocab_size == len(idx_to_char)


def test_corpus_of_the_poems() -> None:
    text = " ".join(line for poem in load_poems() for line in poem.lines)
    assert len(text) == 23_755
    assert_is_corpus(load_data_poems(), text[:10_000])
    assert load_data_poems()[3] == 1910
    assert_is_corpus(load_data_poems(10**9), text)
    assert_is_corpus(load_data_poems(num_chars=30), text[:30])


def texts_of_split(**options: int) -> tuple[str, str, list[str]]:
    train, valid, char_to_idx, idx_to_char, vocab_size = load_data_poems_split(**options)
    assert vocab_size == len(idx_to_char)
    assert {char: index for index, char in enumerate(idx_to_char)} == char_to_idx
    text, valid_text = ("".join(idx_to_char[i] for i in part) for part in (train, valid))
    return text, valid_text, idx_to_char


def test_every_tenth_poem_is_for_validation() -> None:
    train, valid, vocabulary = texts_of_split(min_freq=1)
    poems = load_poems()
    assert valid[:3] == poems[9].lines[0][:3]
    lines = [line for i, poem in enumerate(poems) if i % 10 != 9 for line in poem.lines]
    assert train == " ".join(lines)  # with min_freq=1 nothing is lost in the training part
    assert vocabulary == sorted(set(train) | {UNKNOWN})
    assert len(valid) == len(" ".join(line for poem in poems[9::10] for line in poem.lines))
    assert (len(train), len(valid), valid.count(UNKNOWN)) == (21_355, 2_399, 98)


def test_rare_characters_become_one() -> None:
    train, valid, vocabulary = texts_of_split()
    assert (len(train), len(valid), len(vocabulary)) == (21_355, 2_399, 1556)
    assert (train.count(UNKNOWN), valid.count(UNKNOWN)) == (806, 182)
    assert min(train.count(char) for char in vocabulary) >= 2
    assert vocabulary == sorted(vocabulary)


def test_other_splits() -> None:
    train, valid, vocabulary = texts_of_split(valid_every=4, min_freq=5)
    assert 2.5 < len(train) / len(valid) < 3.5
    assert min(train.count(char) for char in vocabulary) >= 5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"valid_every": 1}, "valid_every must be from 2 to 313, not 1"),
        ({"valid_every": 400}, "valid_every must be from 2 to 313, not 400"),
        ({"min_freq": 0}, "min_freq must be a positive integer, not 0"),
    ],
)
def test_no_such_split(options: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load_data_poems_split(**options)


@pytest.mark.usefixtures("no_repository")
def test_lyrics_are_refused_with_advice() -> None:
    with pytest.raises(DataError) as caught:
        load_data_jay_lyrics()
    message = str(caught.value)
    for expected in ("jaychou_lyrics.txt.zip", "d2l.load_data_poems()", "http"):
        assert expected in message


def make_lyrics(path: Path, text: str) -> DataSet:
    """Write a file like the book's, and return a catalogue entry that knows it."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("jaychou_lyrics.txt", text)
    file = DataFile(path.name, (fingerprint(path.read_bytes(), "sha1"),))
    return dataclasses.replace(CATALOGUE["jay-lyrics"], files=(file,))


def test_lyrics_of_those_who_have_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "想要有直升机\n想要和你\r飞到宇宙去" * 1000
    entry = make_lyrics(tmp_path / "jaychou_lyrics.txt.zip", text)
    monkeypatch.setitem(CATALOGUE, "jay-lyrics", entry)
    monkeypatch.setenv("D2LZH_DATA", str(tmp_path))
    expected = text.replace("\n", " ").replace("\r", " ")[:10_000]
    assert_is_corpus(load_data_jay_lyrics(), expected)


def test_other_lyrics_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_lyrics(tmp_path / "jaychou_lyrics.txt.zip", "another text")
    monkeypatch.setenv("D2LZH_DATA", str(tmp_path))
    with pytest.raises(DataError, match=r"expected 52,607 bytes"):
        load_data_jay_lyrics()


def never(*arguments: object, **options: object) -> None:
    raise AssertionError("the network was used")


@pytest.mark.parametrize("load", [load_data_jay_lyrics, load_data_poems, load_data_poems_split])
@pytest.mark.usefixtures("no_repository")
def test_no_network(load: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("urllib.request.urlopen", never)
    with pytest.raises(DataError):
        load()
