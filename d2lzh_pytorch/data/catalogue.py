"""What data the course uses: files, checksums, licences, where they come from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fingerprint:
    """What tells one version of a file from all others.

    Parameters
    ----------
    digest
        The checksum with its algorithm in front, ``"sha256:..."`` or, where only that is known,
        ``"sha1:..."``.
    size
        Length in bytes; None where it is not known.
    """

    digest: str
    size: int | None = None


@dataclass(frozen=True)
class DataFile:
    """A file of a data set.

    Parameters
    ----------
    name
        File name.
    versions
        The versions that are good; none means that any content is accepted, and that the loader
        checks it.
    """

    name: str
    versions: tuple[Fingerprint, ...] = ()


@dataclass(frozen=True)
class DataSet:
    """An entry of the catalogue.

    Parameters
    ----------
    name
        The name on the command line.
    title
        One line for people.
    licence
        Who may do what with it.
    source
        The page it comes from.
    sections
        Sections of the course that use it.
    files
        Its files.
    folders
        Where to look for the files, relative to a data folder; ``"."`` is the folder itself. A
        download goes into the first.
    system
        Folders where a package of the operating system puts it.
    mirrors
        Addresses to which a file's name is appended; none means that it cannot be downloaded by
        a program.
    ships
        True if it is in the repository.
    stand_in
        What the course uses where the data set is not at hand.
    """

    name: str
    title: str
    licence: str
    source: str
    sections: tuple[str, ...]
    files: tuple[DataFile, ...]
    folders: tuple[str, ...]
    system: tuple[str, ...] = ()
    mirrors: tuple[str, ...] = ()
    ships: bool = False
    stand_in: str | None = None


def _file(name: str, *versions: tuple[int | None, str]) -> DataFile:
    return DataFile(name, tuple(Fingerprint(digest, size) for size, digest in versions))


_ENTRIES = (
    DataSet(
        name="fashion-mnist",
        title="Fashion-MNIST: 70,000 pictures of clothes, 28 x 28 pixels, ten classes",
        licence="MIT, Zalando SE",
        source="https://github.com/zalandoresearch/fashion-mnist",
        sections=(
            "3.5",
            "3.6",
            "3.7",
            "3.9",
            "3.10",
            "3.13",
            *(f"5.{n}" for n in range(5, 13)),
            "6.11",
        ),
        # Two versions of each file: Zalando's, and Debian's with another gzip header, which ships.
        files=(
            _file(
                "train-images-idx3-ubyte.gz",
                (
                    26421880,
                    "sha256:3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                ),
                (
                    26421856,
                    "sha256:b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7",
                ),
            ),
            _file(
                "train-labels-idx1-ubyte.gz",
                (29515, "sha256:a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
                (29491, "sha256:0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056"),
            ),
            _file(
                "t10k-images-idx3-ubyte.gz",
                (
                    4422102,
                    "sha256:346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                ),
                (
                    4422079,
                    "sha256:cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa",
                ),
            ),
            _file(
                "t10k-labels-idx1-ubyte.gz",
                (5148, "sha256:67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
                (5125, "sha256:8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05"),
            ),
        ),
        folders=("fashion_mnist", "FashionMNIST/raw", "."),
        system=("/usr/share/datasets/fashion-mnist",),
        mirrors=(
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        ),
        ships=True,
    ),
    DataSet(
        name="poems",
        title="414 poems of the Tang and Song dynasties",
        licence="public domain",
        source="Debian's package fortunes-zh; see data/poems/README.md",
        sections=("6.1", "6.3", "6.4", "6.5", "6.7", "6.8"),
        files=(
            _file(
                "tang300.txt",
                (76162, "sha256:04f0280430febedd811ea7abb1698566a7c9f8427bf0b6a22883ec4d7430faa8"),
            ),
            _file(
                "song100.txt",
                (21728, "sha256:177ccf3ce66431333fd48484652924e9ef8fab86bca025f430704b528ba1010b"),
            ),
        ),
        folders=("poems",),
        ships=True,
    ),
    DataSet(
        name="house-prices",
        title="Kaggle's House Prices: Advanced Regression Techniques",
        licence="Kaggle's competition rules: for those who accept them, not to be passed on",
        source="https://www.kaggle.com/c/house-prices-advanced-regression-techniques",
        sections=("2.6", "3.16"),
        files=(_file("train.csv"), _file("test.csv")),
        folders=("kaggle_house", "house-prices-advanced-regression-techniques"),
        stand_in="house-prices-sample",
    ),
    DataSet(
        name="house-prices-sample",
        title="Invented house prices in the form of Kaggle's",
        licence="MIT",
        source="tools/make_house_prices.py; see data/house_prices/README.md",
        sections=("2.6", "3.16"),
        files=(
            _file(
                "train.csv",
                (460724, "sha256:72bb65bcfdb6e1826c894fd19bdcc265fb45924ac385c737881b685355f886f8"),
            ),
            _file(
                "test.csv",
                (451732, "sha256:075258f957338f588f47308cef082e734aeff58c7fa279352ab90e793d8d3327"),
            ),
        ),
        folders=("house_prices",),
        ships=True,
    ),
    DataSet(
        name="airfoil",
        title="NASA's airfoil self-noise: 1,503 wind-tunnel measurements",
        licence="CC BY 4.0, T. Brooks, D. Pope, M. Marcolini",
        source="https://archive.ics.uci.edu/dataset/291/airfoil+self+noise",
        sections=tuple(f"7.{n}" for n in range(3, 9)),
        # The book's own file, and that of the data hub of its successor.
        files=(
            _file(
                "airfoil_self_noise.dat",
                (58481, "sha1:d9dfd00ed1ff52487b87aceb5ff20462d8e0801c"),
                (None, "sha1:76e5be1548fd8222e5074cf0faae75edff8cf93f"),
            ),
        ),
        folders=("airfoil", "."),
        mirrors=(
            "http://d2l-data.s3-accelerate.amazonaws.com/",
            "https://archive.ics.uci.edu/ml/machine-learning-databases/00291/",
        ),
        stand_in="scikit-learn's diabetes data",
    ),
    DataSet(
        name="jay-lyrics",
        title="Jay Chou's lyrics, as used by the book",
        licence="copyrighted; for private study only",
        source="https://github.com/ShusenTang/Dive-into-DL-PyTorch/tree/master/data",
        sections=("6.3",),
        files=(
            _file(
                "jaychou_lyrics.txt.zip",
                (52607, "sha1:9529987e701a4f37048ab778270a5dde9a762a0b"),
            ),
        ),
        folders=("jay_lyrics", "."),
        stand_in="poems",
    ),
)

CATALOGUE: dict[str, DataSet] = {entry.name: entry for entry in _ENTRIES}
