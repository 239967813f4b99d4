"""The regression data on which chapter 7 compares optimization algorithms."""

import torch
from torch import Tensor

from d2lzh_pytorch.data import store

NUM_EXAMPLES = 1500  # that the book takes, of 1503


def get_data_ch7() -> tuple[Tensor, Tensor]:
    """Return the features and labels of chapter 7, standardised.

    NASA's airfoil self-noise where its file is on this machine, as in the book: five features of
    an airfoil, and the sound level it makes. Else scikit-learn's diabetes data: ten features of a
    patient, and how far the disease went in a year. A line says so; it never uses the network.

    Every column, the label too, has mean 0 and standard deviation 1, taken over all examples.

    Returns
    -------
    features : Tensor
        float32, (1500, 5) of the airfoil, (442, 10) of diabetes.
    labels : Tensor
        float32, (1500,) or (442,).

    Raises
    ------
    DataError
        If there is an airfoil file, but it is damaged.

    Notes
    -----
    The least loss that a linear model can reach (half the mean squared error) is 0.2417 on the
    airfoil and 0.2411 on diabetes, so that results on one can be read like results on the other.

    Introduced in section 7.3.
    """
    import numpy as np

    entry = store.data_set("airfoil")
    path = store.find(entry, entry.files[0])
    if path is not None:
        data = np.loadtxt(path)
    else:
        from sklearn.datasets import load_diabetes

        print(
            "Airfoil data not found, scikit-learn's diabetes data stands in. "
            "For the original: python -m d2lzh_pytorch data get airfoil"
        )
        data = np.column_stack(load_diabetes(return_X_y=True))
    data = (data - data.mean(axis=0)) / data.std(axis=0)
    data = data[:NUM_EXAMPLES]
    features = torch.tensor(data[:, :-1], dtype=torch.float32)
    return features, torch.tensor(data[:, -1], dtype=torch.float32)
