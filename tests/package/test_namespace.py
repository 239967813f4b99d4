"""The flat namespace: what it holds, what it costs, and that it is the book's."""

import ast
import importlib
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import d2lzh_pytorch as d2l

PACKAGE = Path(d2l.__file__).parent
HOMES = {
    alias.asname: f"d2lzh_pytorch.{node.module}"
    for node in ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8")).body
    if isinstance(node, ast.ImportFrom)
    for alias in node.names
}
every_name = pytest.mark.parametrize("name", sorted(HOMES))

# The functions and classes that the book's code takes from its module as of chapter 7, and their
# parameters. Only evaluate_accuracy differs: the book's `device` is a GPU wherever the net is.
BOOK = {
    "use_svg_display": "",
    "set_figsize": "figsize=(3.5, 2.5)",
    "data_iter": "batch_size, features, labels",
    "linreg": "X, w, b",
    "squared_loss": "y_hat, y",
    "sgd": "params, lr, batch_size",
    "get_fashion_mnist_labels": "labels",
    "show_fashion_mnist": "images, labels",
    "load_data_fashion_mnist": "batch_size, resize=None, root='~/Datasets/FashionMNIST'",
    "evaluate_accuracy": "data_iter, net, device=None",
    "train_ch3": "net, train_iter, test_iter, loss, num_epochs, batch_size, "
    "params=None, lr=None, optimizer=None",
    "FlattenLayer": "",
    "semilogy": "x_vals, y_vals, x_label, y_label, x2_vals=None, y2_vals=None, legend=None, "
    "figsize=(3.5, 2.5)",
    "corr2d": "X, K",
    "train_ch5": "net, train_iter, test_iter, batch_size, optimizer, device, num_epochs",
    "GlobalAvgPool2d": "",
    "Residual": "in_channels, out_channels, use_1x1conv=False, stride=1",
    "resnet_block": "in_channels, out_channels, num_residuals, first_block=False",
    "resnet18": "num_classes=10",
    "load_data_jay_lyrics": "",
    "data_iter_random": "corpus_indices, batch_size, num_steps, device=None",
    "data_iter_consecutive": "corpus_indices, batch_size, num_steps, device=None",
    "one_hot": "x, n_class, dtype=torch.float32",
    "to_onehot": "X, n_class",
    "predict_rnn": "prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, "
    "device, idx_to_char, char_to_idx",
    "grad_clipping": "params, theta, device",
    "train_and_predict_rnn": "rnn, get_params, init_rnn_state, num_hiddens, vocab_size, device, "
    "corpus_indices, idx_to_char, char_to_idx, is_random_iter, num_epochs, num_steps, lr, "
    "clipping_theta, batch_size, pred_period, pred_len, prefixes",
    "RNNModel": "rnn_layer, vocab_size",
    "predict_rnn_pytorch": "prefix, num_chars, model, vocab_size, device, idx_to_char, char_to_idx",
    "train_and_predict_rnn_pytorch": "model, num_hiddens, vocab_size, device, corpus_indices, "
    "idx_to_char, char_to_idx, num_epochs, num_steps, lr, clipping_theta, batch_size, "
    "pred_period, pred_len, prefixes",
    "train_2d": "trainer",
    "show_trace_2d": "f, results",
    "get_data_ch7": "",
    "train_ch7": "optimizer_fn, states, hyperparams, features, labels, batch_size=10, num_epochs=2",
    "train_pytorch_ch7": "optimizer_fn, optimizer_hyperparams, features, labels, batch_size=10, "
    "num_epochs=2",
}

# From below: a module imports only from its own line and those above it.
LAYERS = [
    {"settings", "arguments", "seed", "device"},
    {"progress", "timing", "plotting"},
    {"data"},
    {"layers"},
    {"models"},
    {"training"},
    {"exercises"},
    {"commands"},
]


def run_python(program):
    """What the program prints as JSON, run in a fresh interpreter."""
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_importing_the_package_loads_nothing_heavy():
    loaded = run_python(
        "import json, sys, d2lzh_pytorch\n"
        "heavy = {'torch', 'numpy', 'matplotlib', 'pandas', 'torchvision', 'sklearn', 'tqdm'}\n"
        "print(json.dumps(sorted(heavy & sys.modules.keys())))"
    )
    assert loaded == []


def test_training_loads_neither_plots_nor_data_tools():
    loaded, kind = run_python(
        "import json, sys, d2lzh_pytorch as d2l\n"
        "d2l.train_ch3, d2l.LeNet, d2l.resnet18, d2l.load_data_fashion_mnist\n"
        "heavy = {'matplotlib', 'pandas', 'torchvision', 'sklearn'}\n"
        "print(json.dumps([sorted(heavy & sys.modules.keys()), type(d2l.progress).__name__]))"
    )
    assert loaded == []
    # Loading the loops loads the module `progress`, which must not hide the function.
    assert kind == "function"


@every_name
def test_every_name_is_there(name):
    value = getattr(d2l, name)
    assert value is getattr(importlib.import_module(HOMES[name]), name)
    if inspect.isfunction(value) or inspect.isclass(value):
        assert value.__module__ == HOMES[name] or value.__module__.startswith(HOMES[name] + ".")


def test_dir_and_star_import_give_all_names():
    assert HOMES.keys() <= set(dir(d2l))
    names = {}
    exec("from d2lzh_pytorch import *", names)
    assert HOMES.keys() <= names.keys()


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = d2l.no_such_name
    with pytest.raises(ImportError, match="no_such_name"):
        from d2lzh_pytorch import no_such_name  # noqa: F401


@pytest.mark.parametrize("name", sorted(HOMES.keys() - {"plt"}))
def test_docstring_names_the_section(name):
    doc = inspect.getdoc(getattr(d2l, name)) or ""
    assert re.search(r"[Ii]ntroduced in\s+section\s+\d+\.\d+", doc), doc


def test_plt_is_pyplot():
    assert d2l.plt.__name__ == "matplotlib.pyplot"


@pytest.mark.parametrize("name", BOOK)
def test_signature_begins_like_the_books(name):
    book = list(
        inspect.signature(eval(f"lambda {BOOK[name]}: ...", {"torch": torch})).parameters.values()
    )
    signature = inspect.signature(getattr(d2l, name))
    ours = list(signature.parameters.values())[: len(book)]
    assert [(p.name, p.default, p.kind) for p in ours] == [
        (p.name, p.default, p.kind) for p in book
    ]
    signature.bind(*[p.name for p in book if p.default is p.empty])  # needs nothing more


def imported_parts(path):
    """The parts of the package that a file imports from, by their first name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        yield from (m.split(".")[1] for m in modules if m.startswith("d2lzh_pytorch."))


@pytest.mark.parametrize("height", range(len(LAYERS)))
def test_imports_go_downward(height):
    allowed = set().union(*LAYERS[: height + 1])
    above = set().union(*LAYERS[height + 1 :])
    for part in sorted(LAYERS[height]):
        folder = PACKAGE / part
        files = folder.rglob("*.py") if folder.is_dir() else [PACKAGE / f"{part}.py"]
        imports = {found for file in files for found in imported_parts(file)}
        assert not imports & above
        assert not (imports & HOMES.keys()) - allowed, "import from the module, not the namespace"
