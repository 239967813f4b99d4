"""Helper package of the course: ``import d2lzh_pytorch as d2l``.

Every public name is reachable as ``d2l.name``; the file ``__init__.pyi`` beside this one
lists them and the module each lives in. A name is loaded when it is first used, so that
importing the package costs next to nothing and Matplotlib, pandas, scikit-learn and
torchvision are only loaded by those who need them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = "0.1.0"
