"""Section 3.5: what Fashion-MNIST looks like."""

import sys

sys.path.append("..")
import d2lzh_pytorch as d2l

d2l.use_svg_display()
train_iter, test_iter = d2l.load_data_fashion_mnist(batch_size=256)
X, y = next(iter(test_iter))
names = d2l.get_fashion_mnist_labels(y[:10])
d2l.show_fashion_mnist(X[:10], names)
