"""Helper package of the course: ``import d2lzh_pytorch as d2l``.

Every public name is reachable as ``d2l.name``; the file ``__init__.pyi`` beside this one
lists them and the module each lives in. A name is loaded when it is first used, so that
importing the package costs next to nothing and Matplotlib, pandas, scikit-learn and
torchvision are only loaded by those who need them.
"""

try:
    import lazy_loader
except ModuleNotFoundError:  # not installed in this Python; only `doctor` works, and says so

    def __getattr__(name):
        raise AttributeError(
            f"d2lzh_pytorch.{name} cannot be loaded: the packages of the course are not installed "
            "in this Python. What to do: python -m d2lzh_pytorch doctor"
        )

else:
    __getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = "0.1.0"
