"""Text for language models: classical Chinese poems, and the lyrics that the book used."""

import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from d2lzh_pytorch.arguments import require_positive_ints
from d2lzh_pytorch.data import store
from d2lzh_pytorch.data.errors import DataError

# The indices of a text, the index of each character, the characters, and how many there are.
Corpus = tuple[list[int], dict[str, int], list[str], int]
# The same with two texts: one to train on, one to validate on.
SplitCorpus = tuple[list[int], list[int], dict[str, int], list[str], int]

UNKNOWN = "□"  # stands for characters too rare to learn, as it does for illegible ones in print


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
    return _index(_text(load_poems())[:num_chars])


def load_data_poems_split(valid_every: int = 10, min_freq: int = 2) -> SplitCorpus:
    """Return the Tang poems in two parts, to train a language model and to validate it.

    Every tenth poem is kept for validation, so that both parts hold all forms: in the collection
    old-style verse comes first and quatrains come last. The vocabulary comes from the training
    part alone; rarer characters, and those met in validation only, become ``"□"``.

    Parameters
    ----------
    valid_every
        One poem in so many goes to the validation part, the last of each group.
    min_freq
        How often a character must occur in the training part to enter the vocabulary.

    Returns
    -------
    train_indices, valid_indices : list of int
        The two texts, a number for each character: 21,355 and 2,399 characters.
    char_to_idx : dict
        The number of each character of the vocabulary.
    idx_to_char : list of str
        The vocabulary, sorted, so that the numbers are the same in every run.
    vocab_size : int
        How many characters it holds, ``"□"`` included: 1,556.

    Raises
    ------
    ValueError
        If a part would be empty, or if `min_freq` is no positive integer.

    Notes
    -----
    Introduced in section 6.3.
    """
    poems = load_poems()
    if not 2 <= valid_every <= len(poems):
        raise ValueError(f"valid_every must be from 2 to {len(poems)}, not {valid_every}.")
    require_positive_ints(min_freq=min_freq)
    last = valid_every - 1
    train = _text(poem for i, poem in enumerate(poems) if i % valid_every != last)
    valid = _text(poems[last::valid_every])
    frequent = {char for char, count in Counter(train).items() if count >= min_freq}
    idx_to_char, char_to_idx = _vocabulary(frequent | {UNKNOWN})
    unknown = char_to_idx[UNKNOWN]
    train_indices, valid_indices = (
        [char_to_idx.get(char, unknown) for char in text] for text in (train, valid)
    )
    return train_indices, valid_indices, char_to_idx, idx_to_char, len(idx_to_char)


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


def _text(poems: Iterable[Poem]) -> str:
    """Return the lines of poems, parted by blanks."""
    return " ".join(line for poem in poems for line in poem.lines)


def _vocabulary(chars: set[str]) -> tuple[list[str], dict[str, int]]:
    """Return the characters in order and the number of each, the same in every run."""
    idx_to_char = sorted(chars)
    return idx_to_char, {char: index for index, char in enumerate(idx_to_char)}


def _index(text: str) -> Corpus:
    idx_to_char, char_to_idx = _vocabulary(set(text))
    return [char_to_idx[char] for char in text], char_to_idx, idx_to_char, len(idx_to_char)
