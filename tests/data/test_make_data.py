from pathlib import Path

import pytest

from d2lzh_pytorch.data.poems import Poem
from d2lzh_pytorch.data.store import REPOSITORY_DATA
from tools.make_data import clean_poems, write_poems
from tools.make_house_prices import make_house_prices

FORTUNES = """\x1b[32m《送别》\x1b[m
\x1b[33m作者：王维\x1b[m
下马饮君酒，问君何所之。
但去莫复问，白云无尽时。
%
\x1b[32m题目:《自责》二首\x1b[m
\x1b[33m作者:朱淑真（《宋诗纪事》：“号幽栖居士。”）\x1b[m

            其一

女子弄文诚可罪，

            其二

闷无消遣只看诗，
%   \n题目:《明妃曲和王介甫作》其二
作者:宋徽宗〔赵佶〕（１０８２－１１３５）
汉宫有佳人，

天子初未识，
%
《琵琶行・并序》
作者：卢伦
元和十年，余左迁九江郡司马。
命曰《琵琶行》。
  \n浔阳江头夜送客，
%
"""


def test_poems_are_cleaned() -> None:
    assert list(clean_poems(FORTUNES)) == [
        Poem("送别", "王维", ("下马饮君酒，问君何所之。", "但去莫复问，白云无尽时。")),
        Poem("自责・其一", "朱淑真", ("女子弄文诚可罪，",)),
        Poem("自责・其二", "朱淑真", ("闷无消遣只看诗，",)),
        Poem("明妃曲和王介甫作・其二", "宋徽宗", ("汉宫有佳人，", "天子初未识，")),
        Poem("琵琶行", "卢纶", ("浔阳江头夜送客，",)),
    ]


@pytest.mark.parametrize("text", ["春眠不觉晓，\n处处闻啼鸟。", "《春晓》\n春眠不觉晓，"])
def test_block_without_title_or_author(text: str) -> None:
    with pytest.raises(ValueError, match="No title and author"):
        list(clean_poems(text))


def test_poems_are_written_in_the_form_of_what_ships(tmp_path: Path) -> None:
    poems = [Poem("甲", "乙", ("丙，", "丁。")), Poem("戊", "己", ("庚。",))]
    assert write_poems(iter(poems), tmp_path / "poems.txt") == 2
    content = (tmp_path / "poems.txt").read_bytes()
    assert content.decode() == "甲\n乙\n丙，\n丁。\n\n戊\n己\n庚。\n"


def test_house_prices_come_out_the_same_again(tmp_path: Path) -> None:
    make_house_prices(tmp_path)
    for name in ("train.csv", "test.csv"):
        assert (tmp_path / name).read_bytes() == (
            REPOSITORY_DATA / "house_prices" / name
        ).read_bytes()
