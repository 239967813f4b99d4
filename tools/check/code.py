"""Rules about what code cells may contain."""

import ast
import re
from collections.abc import Callable, Iterator

from tools.check.model import Notebook, Project, dotted
from tools.check.registry import Problem, notebook_rule, project_rule

_ABSOLUTE = re.compile(
    r"(/(home|root|Users|usr|mnt|media|data|content|tmp|opt|var|work)(/|$)|[A-Za-z]:[\\/]|~/).*"
)
_D2L_IN_PROSE = re.compile(r"`d2l\.([A-Za-z_]\w*)")


def _keywords(call: ast.Call) -> dict[str | None, ast.expr]:
    return {keyword.arg: keyword.value for keyword in call.keywords}


def _is_data(node: ast.AST) -> bool:
    """Tell `tensor.data` from `torch.utils.data`."""
    return isinstance(node, ast.Attribute) and node.attr == "data" and not (
        isinstance(node.value, ast.Attribute) and node.value.attr == "utils"
    )  # fmt: skip


def _tensor_data(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        return _is_data(node.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        in_place = node.func.attr.endswith("_") and not node.func.attr.endswith("__")
        return in_place and _is_data(node.func.value)
    return _is_data(node) and isinstance(getattr(node, "ctx", None), ast.Store)


def _variable(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "torch.autograd" and any(a.name == "Variable" for a in node.names)
    return isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "Variable"


def _pretrained(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and "pretrained" in _keywords(node)


def _next_method(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "next"
        and not node.args
    )


def _torch_load(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or dotted(node.func) != "torch.load":
        return False
    safe = _keywords(node).get("weights_only")
    return not (isinstance(safe, ast.Constant) and safe.value is True)


def _sys_path(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and dotted(node) == "sys.path"


def _install(node: ast.AST) -> bool:
    """See `%pip`, `%conda` and `!pip` in the calls that IPython turns them into."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    words = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
    if node.func.attr not in ("run_line_magic", "system", "getoutput") or not words:
        return False
    return re.match(r"(uv )?(pip3?|conda|mamba)\b", str(words[0]).strip()) is not None


def _mentions(*names: str) -> Callable[[ast.AST], bool]:
    def matches(node: ast.AST) -> bool:
        if isinstance(node, ast.ImportFrom):
            return any(alias.name in names for alias in node.names)
        return isinstance(node, ast.Name | ast.Attribute) and dotted(node).split(".")[-1] in names

    return matches


# rule name -> (does this node break it, what is wrong; what to do)
IDIOMS: dict[str, tuple[Callable[[ast.AST], bool], str]] = {
    "tensor-data": (
        _tensor_data,
        "indexing or changing .data goes behind autograd's back; use torch.no_grad(), .detach() "
        "or .item(), and return_X_y=True with scikit-learn",
    ),
    "variable": (_variable, "Variable is gone since PyTorch 0.4; a tensor does it all"),
    "pretrained": (_pretrained, "pretrained= was removed from torchvision; use weights="),
    "next-method": (_next_method, "iterators have no .next(); use next(iterator)"),
    "torch-load": (_torch_load, "torch.load runs code from the file; add weights_only=True"),
    "sys-path": (_sys_path, "sys.path hides how the package is installed; import d2lzh_pytorch"),
}
NOTEBOOK_IDIOMS: dict[str, tuple[Callable[[ast.AST], bool], str]] = {
    "install": (_install, "a notebook installs nothing; name the package in pyproject.toml"),
    "matplotlib-formats": (
        _mentions("set_matplotlib_formats"),
        "set_matplotlib_formats belongs into the package; call d2l.use_svg_display()",
    ),
    "clear-output": (
        _mentions("clear_output"),
        "nbval refuses clear_output; show a figure with display_id and update it",
    ),
}


def _register(name: str, matches: Callable[[ast.AST], bool], message: str) -> None:
    @notebook_rule(name)
    def rule(notebook: Notebook, project: Project) -> Iterator[Problem]:
        for cell, node in notebook.nodes():
            if matches(node):
                yield Problem(message, cell.number)


for _name, (_matches, _message) in (IDIOMS | NOTEBOOK_IDIOMS).items():
    _register(_name, _matches, _message)


@project_rule("package-idioms")
def _package_idioms(project: Project) -> Iterator[Problem]:
    """Hold the package to the idioms that notebooks are held to."""
    for file in sorted((project.root / "d2lzh_pytorch").rglob("*.py")):
        path = file.relative_to(project.root).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for name, (matches, message) in IDIOMS.items():
                if matches(node):
                    line = getattr(node, "lineno", 0)
                    yield Problem(f"line {line}: {name}: {message}", path=path)


@notebook_rule("syntax")
def _syntax(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for cell in notebook.code:
        if cell.tree is None and "raises-exception" not in cell.tags:
            yield Problem("the cell is no valid Python; mend it", cell.number)


@notebook_rule("absolute-path")
def _absolute_path(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for cell, node in notebook.nodes():
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and _ABSOLUTE.fullmatch(text):
            yield Problem(f"{text!r} exists on one machine; use a relative path", cell.number)


@notebook_rule("warnings-filter")
def _warnings_filter(notebook: Notebook, project: Project) -> Iterator[Problem]:
    """Allow a filter with a comment on its line or the line before."""
    for cell, node in notebook.nodes():
        filters = ("warnings.filterwarnings", "warnings.simplefilter")
        if isinstance(node, ast.Call) and dotted(node.func) in filters:
            lines = cell.source.splitlines()[max(0, node.lineno - 2) : node.lineno]
            if not any("#" in line for line in lines):
                message = f"{dotted(node.func)} without a reason; give it in a comment above"
                yield Problem(message, cell.number)


@notebook_rule("trailing-semicolon")
def _trailing_semicolon(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for cell in notebook.code:
        if cell.source.rstrip().endswith(";"):
            message = "a final ; does not hide the output from nbval; write _ = ... or plt.show()"
            yield Problem(message, cell.number)


@notebook_rule("nbval-comment")
def _nbval_comment(notebook: Notebook, project: Project) -> Iterator[Problem]:
    for cell in notebook.code:
        if re.search(r"^\s*#\s*(NBVAL_|PYTEST_VALIDATE)", cell.source, re.MULTILINE):
            yield Problem("a marker for nbval in a comment; use a cell tag", cell.number)


@notebook_rule("public-name")
def _public_name(notebook: Notebook, project: Project) -> Iterator[Problem]:
    """Every `d2l.x` exists, in code and in the code spans of the prose."""
    advice = "mend the name, or add it to d2lzh_pytorch/__init__.pyi"
    known = {*project.package.public, "__version__"}
    for cell, node in notebook.nodes():
        used = []
        if isinstance(node, ast.Attribute) and dotted(node.value) == "d2l":
            used = [node.attr]
        elif isinstance(node, ast.ImportFrom) and node.module == "d2lzh_pytorch":
            used = [alias.name for alias in node.names]
        for name in sorted(set(used) - known):
            yield Problem(f"there is no d2l.{name}; {advice}", cell.number)
    for cell in notebook.prose:
        for name in sorted(set(_D2L_IN_PROSE.findall(cell.source)) - known):
            yield Problem(f"there is no d2l.{name}; {advice}", cell.number)
