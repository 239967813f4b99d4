"""Section 6.3: the vocabulary and both samplers as the notebook writes them."""

import pytest
import torch

import d2lzh_pytorch as d2l


def test_vocabulary(definitions):
    build_vocab, encode = definitions("6.3", "build_vocab", "encode")
    idx_to_char, char_to_idx = build_vocab("山山水水，山高水长。，")
    assert idx_to_char == sorted("山水，□")
    assert encode("水长。", char_to_idx) == [idx_to_char.index(char) for char in "水□□"]


def test_corpus_is_the_packages(definitions):
    as_text, build_vocab, encode = definitions("6.3", "as_text", "build_vocab", "encode")
    poems = d2l.load_poems()
    train = as_text(poem for i, poem in enumerate(poems) if i % 10 != 9)
    idx_to_char, char_to_idx = build_vocab(train)
    train_indices, valid_indices, *vocabulary, size = d2l.load_data_poems_split()
    assert encode(train, char_to_idx) == train_indices
    assert encode(as_text(poems[9::10]), char_to_idx) == valid_indices
    assert [char_to_idx, idx_to_char] == vocabulary
    assert size == len(idx_to_char)


@pytest.mark.parametrize("name", ["data_iter_random", "data_iter_consecutive"])
@pytest.mark.parametrize(("length", "batch_size", "num_steps"), [(30, 2, 6), (1000, 7, 11)])
def test_samplers_are_the_packages(definitions, name, length, batch_size, num_steps):
    (data_iter,) = definitions("6.3", name)
    torch.manual_seed(1)
    ours = list(data_iter(range(length), batch_size, num_steps))
    torch.manual_seed(1)
    theirs = list(getattr(d2l, name)(range(length), batch_size, num_steps))
    torch.testing.assert_close(ours, theirs)
    assert all(torch.equal(Y, X + 1) for X, Y in ours)


@pytest.mark.parametrize("length", [30, 31, 97, 1000])
@pytest.mark.parametrize(("batch_size", "num_steps"), [(2, 6), (3, 4), (1, 7)])
def test_numbers_of_batches(definitions, length, batch_size, num_steps):
    names = "count_batches", "data_iter_random", "data_iter_consecutive"
    count_batches, *iterators = definitions("6.3", *names)
    counted = tuple(
        sum(1 for _ in data_iter(range(length), batch_size, num_steps)) for data_iter in iterators
    )
    assert count_batches(length, batch_size, num_steps) == counted


def test_context(definitions):
    names = "data_iter_random", "data_iter_consecutive", "context_lengths"
    random, consecutive, context_lengths = definitions("6.3", *names)
    lengths = context_lengths(random, carry=False, length=30, batch_size=2, num_steps=6)
    assert sorted(lengths.tolist()) == sorted(list(range(1, 7)) * 4)
    lengths = context_lengths(consecutive, carry=True, length=30, batch_size=2, num_steps=6)
    assert sorted(lengths.tolist()) == sorted(list(range(1, 13)) * 2)
