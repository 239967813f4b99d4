"""Each rule over the repository passes the good one and refuses bad ones."""

import pytest

from tools import index
from tools.check.__main__ import main
from tools.check.model import Project
from tools.check.registry import project_rules


@pytest.fixture
def good(repository):
    repository.save()
    assert index.main([], repository.root) == 0
    return repository


def replace(name, old, new):
    return lambda repository: repository.replace(name, old, new)


def remove(name):
    return lambda repository: (repository.root / name).unlink()


def another(name, title="# 5.5 又一节"):
    def spoil(repository):
        repository.notebook.cells[0].source = title
        repository.save(name)

    return spoil


PIN, RANGE = "requirements.txt", "pyproject.toml"
EXERCISES = "d2lzh_pytorch/exercises/ch05/sec05.py"
TERMS = "notebooks/TERMS.md"
WORKFLOW = ".github/workflows/ci.yml"
TENSOR_ROW = "| 张量 | tensor | 多维数组 | |"

BAD = [
    ("required-files", remove("ERRATA.md")),
    ("required-files", remove("CHANGELOG.md")),
    ("required-files", remove(TERMS)),
    ("required-files", remove("requirements.txt")),
    ("required-files", remove("environment.yml")),
    ("readable", lambda r: r.write("notebooks/ch05_cnn/06_a.ipynb", "{")),
    ("section-numbers", another("notebooks/ch05_cnn/05_other.ipynb")),
    ("section-numbers", another("notebooks/ch05_other/06_a.ipynb")),
    ("terms-table", replace(TERMS, "| 避免 |", "| 不用 |")),
    ("terms-table", replace(TERMS, TENSOR_ROW, "| 张量 | tensor | 多维数组 |")),
    ("terms-table", replace(TERMS, TENSOR_ROW, "| 张量 | | 多维数组 | |")),
    ("terms-table", replace(TERMS, TENSOR_ROW, f"{TENSOR_ROW}\n{TENSOR_ROW}")),
    ("requirements", replace(PIN, "==2.4.6", ">=2.4.6")),
    ("requirements", replace(PIN, "numpy==2.4.6\n", "")),
    ("requirements", replace(PIN, "numpy==2.4.6\n", "numpy==2.4.6\ntorch==2.15.0\n")),
    ("requirements", replace(RANGE, "numpy>=2.0", "numpy>=2.5")),
    ("requirements", replace(RANGE, "types-tqdm>=4.66", "types-tqdm<4")),
    ("environment", replace("environment.yml", "- -r requirements.txt", "- -r other.txt")),
    ("environment", replace("environment.yml", "- -e .", "- numpy==2.4.6")),
    ("environment", replace("environment.yml", "python=3.12", "python=3.10")),
    ("environment", replace("environment.yml", "python=3.12", "python")),
    ("workflows", replace(WORKFLOW, "runs-on: ubuntu-latest", "runs: ubuntu-latest")),
    ("workflows", replace(WORKFLOW, "make test", "echo ${{ github.event.issue.title }}")),
    ("workflows", remove(WORKFLOW)),
    ("index", replace("notebooks/README.md", "1.3 分钟", "5 秒")),
    ("index", replace("README.zh-CN.md", index.BEGIN, "")),
    ("exercise-files", replace(EXERCISES, "5.5-1", "5-1")),
    ("exercise-files", replace(EXERCISES, "5.5-1", "5.6-1")),
    (
        "exercise-files",
        lambda r: r.write(
            "d2lzh_pytorch/exercises/ch09/sec01.py", '@exercise("9.1-1")\ndef f(): ...'
        ),
    ),
    ("exercise-files", lambda r: r.write(EXERCISES, '@exercise("5.5-1")\ndef f(): ...\n' * 2)),
    ("package-idioms", lambda r: r.write("d2lzh_pytorch/io.py", "torch.load('net.pt')")),
    ("links-in-files", replace("CONTRIBUTING.md", "notebooks/README.md", "none.md")),
    ("prose-in-files", replace("README.zh-CN.md", "# 课程", "# PyTorch课程")),
    ("prose-in-files", replace(TERMS, "随机置零", "置零,随机")),
]


def test_good_repository_passes(good):
    assert [str(finding) for finding in good.check_project()] == []


@pytest.mark.parametrize(("rule", "spoil"), BAD, ids=[rule for rule, _ in BAD])
def test_bad_repository_is_refused(good, rule, spoil):
    spoil(good)
    problems = list(project_rules[rule](Project(good.root)))
    assert problems
    assert all(problem.path and "; " in problem.message for problem in problems)


def test_every_rule_has_a_bad_repository():
    assert {rule for rule, _ in BAD} == set(project_rules)


def test_missing_program_is_said(good, monkeypatch):
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    messages = [each.message for each in project_rules["workflows"](Project(good.root))]
    assert len(messages) == 2
    assert "zizmor is not installed here; pip install" in messages[1]


def test_command_counts_notebooks_and_findings(good, capsys):
    assert main([], good.root) == 1  # section 3.6 of the fixture is but a title
    assert capsys.readouterr().out.splitlines()[-1].startswith("2 notebooks, ")


def test_command_checks_only_the_named_lessons(good, capsys):
    good.write("ERRATA.md", "")
    assert main(["5.5"], good.root) == 0
    assert capsys.readouterr().out == "1 notebooks, 0 findings\n"


def test_command_names_the_nearest_lesson(good, capsys):
    assert main(["5.6"], good.root) == 2
    assert "Nearest: 5.5 卷积神经网络（LeNet）" in capsys.readouterr().err
