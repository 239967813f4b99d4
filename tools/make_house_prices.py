"""Make the synthetic house prices: Kaggle's columns and categories, invented houses.

The sample stands in for Kaggle's *House Prices: Advanced Regression Techniques*, whose rules do
not allow it to be passed on. Column names, categories and where values are missing follow the
original; every value is drawn by a random generator, and the price follows from a formula.
"""

import csv
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SEED = 20160830
NUM_TRAIN, NUM_TEST = 1460, 1459

Column = NDArray[Any]

_COLUMN_NAMES = """
Id MSSubClass MSZoning LotFrontage LotArea Street Alley LotShape LandContour Utilities LotConfig
LandSlope Neighborhood Condition1 Condition2 BldgType HouseStyle OverallQual OverallCond
YearBuilt YearRemodAdd RoofStyle RoofMatl Exterior1st Exterior2nd MasVnrType MasVnrArea ExterQual
ExterCond Foundation BsmtQual BsmtCond BsmtExposure BsmtFinType1 BsmtFinSF1 BsmtFinType2 BsmtFinSF2
BsmtUnfSF TotalBsmtSF Heating HeatingQC CentralAir Electrical 1stFlrSF 2ndFlrSF LowQualFinSF
GrLivArea BsmtFullBath BsmtHalfBath FullBath HalfBath BedroomAbvGr KitchenAbvGr KitchenQual
TotRmsAbvGrd Functional Fireplaces FireplaceQu GarageType GarageYrBlt GarageFinish GarageCars
GarageArea GarageQual GarageCond PavedDrive WoodDeckSF OpenPorchSF EnclosedPorch 3SsnPorch
ScreenPorch PoolArea PoolQC Fence MiscFeature MiscVal MoSold YrSold SaleType SaleCondition
SalePrice"""
COLUMNS = _COLUMN_NAMES.split()

# Categories drawn independently of the rest, with rough weights in per mille.
LEVELS: dict[str, dict[str, int]] = {
    "MSZoning": {"RL": 780, "RM": 155, "FV": 47, "RH": 10, "C (all)": 8},
    "Street": {"Pave": 996, "Grvl": 4},
    "Alley": {"NA": 932, "Grvl": 41, "Pave": 27},
    "LotShape": {"Reg": 637, "IR1": 332, "IR2": 26, "IR3": 5},
    "LandContour": {"Lvl": 898, "HLS": 41, "Bnk": 40, "Low": 21},
    "Utilities": {"AllPub": 999, "NoSeWa": 1},
    "LotConfig": {"Inside": 730, "Corner": 175, "CulDSac": 61, "FR2": 29, "FR3": 5},
    "LandSlope": {"Gtl": 952, "Mod": 43, "Sev": 5},
    "Condition1": {
        "Norm": 860, "Feedr": 56, "Artery": 32, "RRAn": 17, "PosN": 13, "RRAe": 10, "PosA": 7,
        "RRNn": 3, "RRNe": 2,
    },
    "Condition2": {
        "Norm": 988, "Feedr": 4, "Artery": 2, "PosA": 2, "PosN": 1, "RRNn": 1, "RRAn": 1,
        "RRAe": 1,
    },
    "BldgType": {"1Fam": 831, "TwnhsE": 78, "Duplex": 37, "Twnhs": 33, "2fmCon": 21},
    "HouseStyle": {
        "1Story": 503, "2Story": 299, "1.5Fin": 108, "SLvl": 44, "SFoyer": 28, "2.5Unf": 8,
        "1.5Unf": 7, "2.5Fin": 3,
    },
    "RoofStyle": {
        "Gable": 791, "Hip": 189, "Flat": 7, "Gambrel": 7, "Mansard": 4, "Shed": 2,
    },
    "RoofMatl": {
        "CompShg": 984, "Tar&Grv": 8, "WdShngl": 3, "WdShake": 2, "ClyTile": 1, "Membran": 1,
        "Metal": 1, "Roll": 1,
    },
    "Exterior1st": {
        "VinylSd": 351, "MetalSd": 154, "HdBoard": 151, "Wd Sdng": 141, "Plywood": 76,
        "CemntBd": 43, "BrkFace": 30, "WdShing": 19, "AsbShng": 15, "Stucco": 15, "BrkComm": 2,
        "AsphShn": 1, "CBlock": 1, "ImStucc": 1, "Stone": 1,
    },
    "MasVnrType": {"None": 597, "BrkFace": 301, "Stone": 85, "BrkCmn": 9, "NA": 8},
    "ExterCond": {"TA": 869, "Gd": 102, "Fa": 23, "Ex": 4, "Po": 1},
    "BsmtCond": {"TA": 920, "Gd": 42, "Fa": 36, "Po": 2},
    "BsmtExposure": {"No": 660, "Av": 143, "Gd": 95, "Mn": 82},
    "BsmtFinType1": {"Unf": 300, "GLQ": 299, "ALQ": 151, "Rec": 101, "BLQ": 95, "LwQ": 54},
    "BsmtFinType2": {"Unf": 878, "Rec": 37, "LwQ": 31, "BLQ": 24, "ALQ": 18, "GLQ": 12},
    "Heating": {"GasA": 984, "GasW": 9, "Grav": 3, "Wall": 2, "Floor": 1, "OthW": 1},
    "Electrical": {"SBrkr": 915, "FuseA": 64, "FuseF": 17, "FuseP": 3, "Mix": 1},
    "Functional": {
        "Typ": 931, "Min2": 24, "Min1": 22, "Mod": 12, "Maj1": 7, "Maj2": 3, "Sev": 1,
    },
    "GarageType": {
        "Attchd": 625, "Detchd": 282, "BuiltIn": 67, "Basment": 13, "2Types": 8, "CarPort": 5,
    },
    "GarageQual": {"TA": 947, "Fa": 45, "Gd": 5, "Po": 2, "Ex": 1},
    "GarageCond": {"TA": 963, "Fa": 27, "Gd": 5, "Po": 4, "Ex": 1},
    "PavedDrive": {"Y": 905, "N": 74, "P": 21},
    "Fence": {"NA": 804, "MnPrv": 113, "GdPrv": 40, "GdWo": 38, "MnWw": 5},
    "MiscFeature": {"NA": 964, "Shed": 33, "Gar2": 1, "Othr": 1, "TenC": 1},
    "SaleType": {
        "WD": 865, "New": 82, "COD": 30, "ConLD": 9, "CWD": 4, "ConLI": 3, "ConLw": 3, "Oth": 2,
        "Con": 2,
    },
    "SaleCondition": {
        "Normal": 823, "Partial": 84, "Abnorml": 65, "Family": 16, "Alloca": 8, "AdjLand": 4,
    },
}  # fmt: skip

# Neighbourhood: weight, effect on log price, typical year of building.
NEIGHBORHOODS = {
    "NAmes": (443, -0.05, 1960), "CollgCr": (267, 0.06, 1998), "OldTown": (239, -0.16, 1922),
    "Edwards": (194, -0.13, 1955), "Somerst": (182, 0.12, 2004), "NridgHt": (166, 0.25, 2005),
    "Gilbert": (165, 0.02, 1999), "Sawyer": (151, -0.07, 1964), "NWAmes": (131, 0.01, 1976),
    "SawyerW": (125, 0.00, 1988), "Mitchel": (114, -0.03, 1980), "BrkSide": (108, -0.12, 1931),
    "Crawfor": (103, 0.14, 1943), "IDOTRR": (93, -0.25, 1926), "Timber": (72, 0.12, 1992),
    "NoRidge": (71, 0.27, 1995), "StoneBr": (51, 0.28, 1998), "SWISU": (48, -0.12, 1925),
    "ClearCr": (44, 0.08, 1966), "MeadowV": (37, -0.25, 1972), "BrDale": (30, -0.22, 1971),
    "Blmngtn": (28, 0.03, 2005), "Veenker": (24, 0.14, 1979), "NPkVill": (23, -0.05, 1975),
    "Blueste": (10, -0.06, 1980),
}  # fmt: skip

# Categories that follow from the quality of a house, from the best to the worst, and how far they
# are shifted upwards.
GRADES = {
    "ExterQual": ("Ex Gd TA Fa", -0.5), "KitchenQual": ("Ex Gd TA Fa", 0.0),
    "BsmtQual": ("Ex Gd TA Fa", 0.2), "HeatingQC": ("Ex Gd TA Fa Po", 1.2),
    "FireplaceQu": ("Ex Gd TA Fa Po", 0.0), "PoolQC": ("Ex Gd Fa", 0.5),
    "GarageFinish": ("Fin RFn Unf", 0.5),
}  # fmt: skip

FOUNDATIONS = {"CBlock": 68, "BrkTil": 21, "PConc": 6, "Slab": 3, "Stone": 1, "Wood": 1}

# Names that Kaggle's second column for the outer wall spells in another way.
SECOND_EXTERIOR = {"CemntBd": "CmentBd", "WdShing": "Wd Shng", "BrkComm": "Brk Cmn"}

BASEMENT = ["BsmtQual", "BsmtCond", "BsmtExposure", "BsmtFinType1", "BsmtFinType2"]
GARAGE = ["GarageType", "GarageYrBlt", "GarageFinish", "GarageQual", "GarageCond"]

# How many values are missing in the training and in the test part, besides what is absent by
# nature (no basement, no garage, no pool ...).
MISSING = {
    "LotFrontage": (259, 227), "Electrical": (1, 0), "BsmtExposure": (1, 2), "MSZoning": (0, 4),
    "Utilities": (0, 2), "Exterior1st": (0, 1), "Exterior2nd": (0, 1), "KitchenQual": (0, 1),
    "Functional": (0, 2), "SaleType": (0, 1), "BsmtFinSF1": (0, 1), "BsmtFinSF2": (0, 1),
    "BsmtUnfSF": (0, 1), "TotalBsmtSF": (0, 1), "BsmtFullBath": (0, 2), "BsmtHalfBath": (0, 2),
    "GarageCars": (0, 1), "GarageArea": (0, 1),
}  # fmt: skip


def make_house_prices(target: Path) -> None:
    """Write ``train.csv`` (1460 rows, 81 columns) and ``test.csv`` (1459 rows, 80 columns)."""
    # RandomState, because NumPy promises that its stream never changes.
    rng = np.random.RandomState(SEED)
    table = {name: _as_text(column) for name, column in _houses(rng, NUM_TRAIN + NUM_TEST).items()}
    _leave_gaps(rng, table)
    _complete_levels(rng, table)
    rows = list(zip(*(table[name] for name in COLUMNS), strict=True))
    parts = {"train.csv": (rows[:NUM_TRAIN], COLUMNS), "test.csv": (rows[NUM_TRAIN:], COLUMNS[:-1])}
    for name, (part, columns) in parts.items():
        with (target / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(row[: len(columns)] for row in part)


def _houses(rng: np.random.RandomState, n: int) -> dict[str, Column]:
    """Draw `n` houses with their prices, one array a column."""

    def draw(levels: dict[str, int]) -> Column:
        weights = np.array([*levels.values()], dtype=float)
        return rng.choice([*levels], n, p=weights / weights.sum())

    def some(share: float, low: int, high: int) -> Column:
        """Draw an area for a share of the houses and 0 for the others."""
        return np.where(rng.rand(n) < share, rng.randint(low, high, n), 0)

    def whole(values: Column, low: int, high: int) -> Column:
        return np.clip(values.round(), low, high).astype(int)

    t: dict[str, Column] = {name: draw(levels) for name, levels in LEVELS.items()}
    t["Id"] = np.arange(1, n + 1)
    t["Neighborhood"] = draw({name: weight for name, (weight, _, _) in NEIGHBORHOODS.items()})
    effect, typical = np.array([NEIGHBORHOODS[name][1:] for name in t["Neighborhood"]]).T

    # Age and quality; everything else leans on them.
    built = t["YearBuilt"] = whole(typical + rng.normal(0, 11, n), 1872, 2009)
    quality = 5.9 + 3.2 * effect + 0.022 * (built - 1971) + rng.normal(0, 0.85, n)
    t["OverallQual"] = whole(quality, 1, 10)
    t["OverallCond"] = whole(rng.normal(5.6 - 0.008 * (built - 1971), 1.0, n), 1, 9)
    rebuilt = np.maximum(rng.randint(1950, 2010, n), built)
    t["YearRemodAdd"] = np.where(rng.rand(n) < 0.5, rebuilt, np.maximum(built, 1950))
    for name, (levels, shift) in GRADES.items():
        score = (quality + rng.normal(0, 0.7, n) + shift - 6) / 1.6
        t[name] = np.array(levels.split())[whole(1.5 - score, 0, len(levels.split()) - 1)]
    t["Foundation"] = np.where(built > 1985, "PConc", draw(FOUNDATIONS))
    t["CentralAir"] = np.where((built < 1960) & (rng.rand(n) < 0.2), "N", "Y")
    wall = np.array([SECOND_EXTERIOR.get(name, name) for name in t["Exterior1st"].tolist()])
    t["Exterior2nd"] = np.where(rng.rand(n) < 0.9, wall, rng.permutation(wall))

    # Areas in square feet.
    lot = t["LotArea"] = np.exp(9.1 + 0.1 * (quality - 6) + rng.normal(0, 0.42, n)).astype(int)
    t["LotFrontage"] = whole(69 + 20 * (np.log(lot) - 9.1) + rng.normal(0, 15, n), 21, 313)
    living = np.exp(7.25 + 0.1 * (quality - 6) + rng.normal(0, 0.25, n)).astype(int)
    one_floor = np.isin(t["HouseStyle"], ["1Story", "SLvl", "SFoyer"])
    t["2ndFlrSF"] = np.where(one_floor, 0, living * rng.uniform(0.3, 0.52, n)).astype(int)
    t["LowQualFinSF"] = some(0.014, 50, 300)
    t["1stFlrSF"] = np.maximum(living - t["2ndFlrSF"] - t["LowQualFinSF"], 334)
    living = t["GrLivArea"] = t["1stFlrSF"] + t["2ndFlrSF"] + t["LowQualFinSF"]
    share = rng.uniform(0.8, 1.05, n) * (rng.rand(n) > 0.027)
    basement = t["TotalBsmtSF"] = (t["1stFlrSF"] * share).astype(int)
    share = rng.uniform(0.2, 0.95, n) * (t["BsmtFinType1"] != "Unf")
    finished = t["BsmtFinSF1"] = (basement * share).astype(int)
    both = (t["BsmtFinType2"] != "Unf") & (finished > 0)
    t["BsmtFinSF2"] = np.where(both, (basement - finished) // 2, 0)
    t["BsmtUnfSF"] = basement - finished - t["BsmtFinSF2"]
    plain = np.isin(t["MasVnrType"], ["None", "NA"])
    t["MasVnrArea"] = np.where(plain, 0, rng.gamma(2.2, 115, n).astype(int) + 1)
    areas = {
        "WoodDeckSF": (0.48, 30, 420), "OpenPorchSF": (0.55, 10, 180),
        "EnclosedPorch": (0.14, 30, 280), "3SsnPorch": (0.015, 90, 320),
        "ScreenPorch": (0.08, 80, 320), "PoolArea": (0.005, 144, 800),
    }  # fmt: skip
    t |= {name: some(*limits) for name, limits in areas.items()}

    # Counts and dates.
    cars = t["GarageCars"] = whole(1.75 + 0.3 * (quality - 6) + rng.normal(0, 0.5, n), 0, 4)
    t["GarageArea"] = np.where(cars > 0, 240 * cars + rng.randint(0, 160, n), 0)
    t["GarageYrBlt"] = np.minimum(built + rng.choice([0, 0, 0, 0, 8, 20], n), 2010)
    t["Fireplaces"] = whole(0.6 + 0.3 * (quality - 6) + rng.normal(0, 0.6, n), 0, 3)
    t["FullBath"] = whole(living / 950 + rng.normal(0, 0.3, n), 1, 4)
    t["HalfBath"] = np.where(~one_floor & (rng.rand(n) < 0.7), 1, 0)
    t["BsmtFullBath"] = np.where(finished > 250, rng.binomial(1, 0.6, n), 0)
    t["BsmtHalfBath"] = np.where(finished > 250, rng.binomial(1, 0.08, n), 0)
    t["BedroomAbvGr"] = whole(living / 520 + rng.normal(0, 0.5, n), 0, 8)
    t["KitchenAbvGr"] = np.where(t["BldgType"] == "Duplex", 2, 1)
    t["TotRmsAbvGrd"] = t["BedroomAbvGr"] + 2 + rng.binomial(3, 0.5, n)
    t["MiscVal"] = np.where(t["MiscFeature"] == "NA", 0, 50 * rng.randint(3, 30, n))
    t["MoSold"] = whole(rng.normal(6.3, 2.7, n), 1, 12)
    t["YrSold"] = rng.choice([2006, 2007, 2008, 2009, 2010], n, p=[0.21, 0.23, 0.21, 0.23, 0.12])
    old = built < 1946
    t["MSSubClass"] = np.where(one_floor, np.where(old, 30, 20), np.where(old, 70, 60))
    t["SalePrice"] = np.exp(_log_price(t, effect, quality) + rng.normal(0, 0.11, n)) // 100 * 100
    return t


def _log_price(t: dict[str, Column], effect: Column, quality: Column) -> Column:
    """Return the price formula, a sum of effects; the noise comes on top.

    Its standard deviation of 0.11 is the least log RMSE that a model can reach.
    """
    price: Column = (
        11.98
        + effect
        + 0.085 * (quality - 6)
        + 0.045 * (t["OverallCond"] - 5.6)
        + 0.42 * np.log(t["GrLivArea"] / 1450)
        + 0.09 * np.log(t["LotArea"] / 9000)
        + 0.0021 * (t["YearBuilt"] - 1971)
        + 0.0008 * (t["YearRemodAdd"] - 1985)
        + 0.00009 * (t["TotalBsmtSF"] - 1050)
        + 0.00007 * t["BsmtFinSF1"]
        + 0.05 * (t["GarageCars"] - 1.75)
        + 0.035 * (t["Fireplaces"] - 0.6)
        + 0.03 * (t["FullBath"] - 1.5)
        + 0.06 * (t["CentralAir"] == "Y")
        + 0.06 * (t["SaleCondition"] == "Partial")
        - 0.10 * (t["SaleCondition"] == "Abnorml")
        - 0.06 * np.isin(t["Functional"], ["Mod", "Maj1", "Maj2", "Sev"])
        + 0.00012 * (t["WoodDeckSF"] + t["ScreenPorch"])
    )
    return price


def _as_text(column: Column) -> Column:
    """Return numbers as text without a point; text as it is."""
    return np.array([str(v) if isinstance(v, str) else str(int(v)) for v in column], dtype=object)


def _leave_gaps(rng: np.random.RandomState, table: dict[str, Column]) -> None:
    """Write NA where a thing does not exist, and where Kaggle's files have lost a value."""
    absent = {
        "TotalBsmtSF": BASEMENT, "GarageCars": GARAGE, "Fireplaces": ["FireplaceQu"],
        "PoolArea": ["PoolQC"],
    }  # fmt: skip
    for size, names in absent.items():
        for name in names:
            table[name][table[size] == "0"] = "NA"
    table["MasVnrArea"][table["MasVnrType"] == "NA"] = "NA"
    for name, counts in MISSING.items():
        for count, start, stop in zip(counts, (0, NUM_TRAIN), (NUM_TRAIN, None), strict=True):
            part = table[name][start:stop]
            part[rng.permutation(np.flatnonzero(part != "NA"))[:count]] = "NA"


def _complete_levels(rng: np.random.RandomState, table: dict[str, Column]) -> None:
    """Give every category that the draw left out to one house."""
    levels = {name: [*weights] for name, weights in LEVELS.items()}
    levels |= {name: grades.split() for name, (grades, _) in GRADES.items()}
    walls = {SECOND_EXTERIOR.get(name, name) for name in levels["Exterior1st"]}
    levels |= {"Exterior2nd": [*sorted(walls), "Other"], "Foundation": [*FOUNDATIONS]}
    levels["Neighborhood"] = [*NEIGHBORHOODS]
    for name, known in levels.items():
        column = table[name]
        for level in known:
            if level not in column:
                values, counts = np.unique(column[column != "NA"], return_counts=True)
                column[rng.choice(np.flatnonzero(column == values[counts.argmax()]))] = level
