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

import d2lzh_pytorch as d2l

PACKAGE = Path(d2l.__file__).parent
HOMES = {
    alias.asname: f"d2lzh_pytorch.{node.module}"
    for node in ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8")).body
    if isinstance(node, ast.ImportFrom)
    for alias in node.names
}
every_name = pytest.mark.parametrize("name", sorted(HOMES))

# The functions and classes that the book's code takes from its module as of chapter 5, and their
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
}

# From below: a module imports only from its own line and those above it.
LAYERS = [
    {"settings", "seed", "device"},
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
    book = list(inspect.signature(eval(f"lambda {BOOK[name]}: ...")).parameters.values())
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
