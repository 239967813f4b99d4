"""What the main source book prints for its trained sections.

The book's nets of chapters 3 and 5 are trained for five epochs on Fashion-MNIST; its numbers are
those of the last epoch of one run without a fixed seed. From section 3.7 on it divides the mean
loss of a batch by the batch size once more: `loss` here is what is printed times that size.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Classifier:
    """A classifier of the book.

    Attributes
    ----------
    section, title
        Where the book trains it, and what it is.
    model
        Its name in the zoo.
    loss, train_acc, test_acc
        Mean loss per example and shares of right answers in the last epoch.
    seconds
        An epoch's time, shortest and longest after the first epoch; None where none is printed.
    lr
        The learning rate, where it is not the zoo's.
    """

    section: str
    title: str
    model: str
    loss: float
    train_acc: float
    test_acc: float
    seconds: tuple[float, float] | None = None
    lr: float | None = None


# The book's learning rate of 100 is divided by the batch size twice where it should be once.
TWICE_AVERAGED = 100 / 256

CLASSIFIERS = (
    Classifier("3.6", "softmax regression from scratch", "softmax", 0.4858, 0.836, 0.815),
    Classifier("3.7", "softmax regression", "softmax", 0.0019 * 256, 0.838, 0.823),
    Classifier("3.9", "MLP from scratch", "mlp", 0.0014 * 256, 0.865, 0.845, lr=TWICE_AVERAGED),
    Classifier("3.10", "MLP", "mlp", 0.0014 * 256, 0.864, 0.818),
    Classifier(
        "3.13",
        "MLP with dropout from scratch",
        "mlp-dropout",
        0.0016 * 256,
        0.849,
        0.850,
        lr=TWICE_AVERAGED,
    ),
    Classifier("3.13", "MLP with dropout", "mlp-dropout", 0.0016 * 256, 0.848, 0.839),
    Classifier("5.5", "LeNet", "lenet", 0.0024 * 256, 0.759, 0.759, (1.6, 1.8)),
    Classifier("5.6", "AlexNet", "alexnet", 0.0018 * 128, 0.913, 0.902, (128.8, 131.4)),
    Classifier(
        "5.7", "VGG-11, an eighth as wide", "vgg", 0.0035 * 64, 0.919, 0.918, (153.9, 238.1)
    ),
    Classifier("5.8", "NiN", "nin", 0.0034 * 128, 0.839, 0.831, (151.0, 175.1)),
    Classifier("5.9", "GoogLeNet", "googlenet", 0.0020 * 128, 0.906, 0.896, (43.5, 48.5)),
    Classifier(
        "5.10",
        "LeNet with batch normalisation from scratch",
        "lenet-bn-scratch",
        0.0012 * 256,
        0.891,
        0.859,
        (2.6, 3.2),
    ),
    Classifier(
        "5.10",
        "LeNet with batch normalisation",
        "lenet-bn",
        0.0013 * 256,
        0.889,
        0.734,
        (1.8, 2.2),
    ),
    Classifier("5.11", "ResNet-18", "resnet18", 0.0006 * 256, 0.944, 0.926, (31.5, 31.8)),
    Classifier("5.12", "DenseNet", "densenet", 0.0008 * 256, 0.929, 0.884, (23.8, 25.5)),
)


@dataclass(frozen=True)
class Regression:
    """A number that the book prints for a regression; `benchmarks.regression` measures its like.

    Attributes
    ----------
    section, title
        Where, and of which model.
    quantity
        What is measured.
    book
        The book's number, corrected where it was scaled wrongly; None where it prints none like it.
    note
        What was corrected, or why it is not run here.
    """

    section: str
    title: str
    quantity: str
    book: float | None
    note: str = ""


REGRESSIONS = (
    Regression("3.2", "linear regression from scratch", "half the MSE", 0.000050),
    Regression(
        "3.3", "linear regression", "MSE", None, "the book prints the last batch's: 0.000198"
    ),
    Regression("3.11", "cubic model, 100 examples", "training MSE", 1.018e-4),
    Regression("3.11", "cubic model, 100 examples", "validation MSE", 9.79e-5),
    Regression("3.12", "200 inputs, no weight decay", "norm of w", 15.1148),
    Regression("3.12", "200 inputs, weight decay 3", "norm of w", 0.03522),
    Regression(
        "3.16",
        "house prices, linear, 5 folds",
        "validation log RMSE",
        0.241113 / 2**0.5,
        "needs Kaggle's files; the book's is √2 too large",
    ),
)
