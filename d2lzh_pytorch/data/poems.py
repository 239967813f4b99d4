"""Text for language models: classical Chinese poems, and the lyrics that the book used."""

import zipfile
from dataclasses import dataclass
from typing import Literal

from d2lzh_pytorch.data import store
from d2lzh_pytorch.data.errors import DataError

# The indices of a text, the index of each character, the characters, and how many there are.
Corpus = tuple[list[int], dict[str, int], list[str], int]


@dataclass(frozen=True)
class Poem:
    """A poem.

    Parameters
    ----------
    title, author
        In simplified Chinese.
    lines
        Its lines, with their punctuation.

    Notes
    -----
    Introduced in section 6.1.
    """

    title: str
    author: str
    lines: tuple[str, ...]


def load_poems(collection: Literal["tang300", "song100"] = "tang300") -> list[Poem]:
    """Return a collection of classical poems.

    Parameters
    ----------
    collection
        ``"tang300"``, 313 poems of the Tang dynasty, or ``"song100"``, 101 of the Song dynasty.

    Raises
    ------
    ValueError
        If there is no such collection.
    DataError
        If the file is damaged or missing.

    Examples
    --------
    >>> import d2lzh_pytorch as d2l
    >>> d2l.load_poems()[0].lines[0]
    '兰叶春葳蕤，桂华秋皎洁。'

    Notes
    -----
    Introduced in section 6.1.
    """
    entry = store.data_set("poems")
    files = {file.name.removesuffix(".txt"): file for file in entry.files}
    if collection not in files:
        raise ValueError(f"There is no collection {collection!r}; there are {', '.join(files)}.")
    text = store.require(entry, files[collection]).read_text(encoding="utf-8")
    poems = []
    for block in text.strip().split("\n\n"):
        title, author, *lines = block.split("\n")
        poems.append(Poem(title, author, tuple(lines)))
    return poems


def load_data_poems(num_chars: int = 10_000) -> Corpus:
    """Return the start of the Tang poems, character by character, for a language model.

    The poems follow each other, lines parted by a blank, without titles and authors. It has the
    form of the book's ``load_data_jay_lyrics()``, whose text may not be passed on.

    Parameters
    ----------
    num_chars
        How many characters to take; there are 23,755.

    Returns
    -------
    corpus_indices : list of int
        The text, a number for each character.
    char_to_idx : dict
        The number of each character that occurs.
    idx_to_char : list of str
        The characters, sorted, so that the numbers are the same in every run.
    vocab_size : int
        How many different characters occur.

    Notes
    -----
    Introduced in section 6.3.
    """
    text = " ".join(line for poem in load_poems() for line in poem.lines)
    return _index(text[:num_chars])


def load_data_jay_lyrics() -> Corpus:
    """Return the first 10,000 characters of the lyrics that the book used.

    For readers who have the file ``jaychou_lyrics.txt.zip``; the course uses
    :func:`load_data_poems`, which returns the same form.

    Returns
    -------
    corpus_indices, char_to_idx, idx_to_char, vocab_size
        As from :func:`load_data_poems`; `vocab_size` is 1027.

    Raises
    ------
    DataError
        If the file is damaged or missing.

    Notes
    -----
    Introduced in section 6.3.
    """
    entry = store.data_set("jay-lyrics")
    (file,) = entry.files
    path = store.find(entry, file)
    if path is None:
        raise DataError(
            f"{file.name} is not on this machine, and its text may not be passed on. "
            f"Use d2l.load_data_poems(), which returns the same form. {store.remedy(entry)}"
        )
    with zipfile.ZipFile(path) as archive:
        text = archive.read("jaychou_lyrics.txt").decode("utf-8")
    return _index(text.replace("\r", " ").replace("\n", " ")[:10_000])


def _index(text: str) -> Corpus:
    idx_to_char = sorted(set(text))
    char_to_idx = {char: index for index, char in enumerate(idx_to_char)}
    return [char_to_idx[char] for char in text], char_to_idx, idx_to_char, len(idx_to_char)
