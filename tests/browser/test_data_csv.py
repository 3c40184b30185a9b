"""Tables as text: what is read from them, digit for digit, and what is said of those that cannot be read."""

import csv
import io
import random
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.lab import Lab
from tests.browser.test_modules import ask

READ = """({ readTable, pointsOf }, [texts, most]) => texts.map((text) => {
    const answer = readTable(text, most);
    if (!answer.ok) return [answer.wrong.key.replace("csv.", ""), answer.wrong.facts];
    const { table } = answer;
    const found = pointsOf(table, ...table.first);
    if (!found.ok) return [found.wrong.key.replace("csv.", ""), found.wrong.facts];
    return [table.separator, table.header, found.points.x, found.points.y];
})"""


@pytest.fixture
def lab(page: Page) -> Lab:
    return Lab(page).open()


WRONG: list[tuple[str, str, dict[str, Any]]] = [
    ("x,y\n1,2\n\n3,abc\n", "no-number", {"line": 4, "got": "abc", "column": "y"}),
    ("1,2\n3,4\n,6\n", "no-value", {"line": 3, "got": "", "column": "1"}),
    ("1,2\n3,4,5\n", "width", {"line": 2, "expected": 2, "got": 3}),
    ("1;2\n3\n4;5", "width", {"line": 2, "expected": 2, "got": 1}),
    ("1,2\r\n3,NaN\r\n", "not-finite", {"line": 2, "got": "NaN", "column": "2"}),
    ("1,2\n-Infinity,3", "not-finite", {"line": 2, "got": "-Infinity", "column": "1"}),
    ("1,2\n1e400,3", "too-large", {"line": 2, "got": "1e400", "column": "1"}),
    ("1,2\n3,1000000000001", "too-large", {"line": 2, "got": "1000000000001", "column": "2"}),
    ("1,5;2\n3;0.5", "two-marks", {"line": 2, "got": "0.5", "other": 1}),
    ('x,y\n1,"2\n3,4', "open-quote", {"line": 2}),
    ('a,"b\nc"\n1,2\n3,x', "no-number", {"line": 4, "got": "x", "column": "b\nc"}),
    ("0x10,2\n3,4", "no-number", {"line": 1, "got": "0x10", "column": "1"}),
    ("size,toxicity\n\n", "header-alone", {"line": 1}),
    (",,\n \n,\n", "empty", {}),
    ("1\n2\n3", "one-column", {"line": 1}),
    ("1 2\n2 3\n", "one-column", {"line": 1}),
    ("x,y\n0.1,0.2\n0.3;abc\n0.5,0.6\n", "width", {"line": 3, "expected": 2, "got": 1}),
    ("0,1 0,2\n0,3 0,4\n", "one-column", {"line": 1}),
    ("PK\0\0", "no-text", {}),
    ("x,y\n" + "1,2\n" * 12, "too-many", {"line": 12, "count": 12, "most": 10}),
]


def read(lab: Lab, *texts: str, most: int = 1000) -> list[Any]:
    found: list[Any] = ask(lab, "data/csv.js", READ, [list(texts), most])
    return found


def test_every_form_of_a_table_is_read(lab: Lab) -> None:
    pair = [[1.5, -2.0], [0.25, 3e-7]]
    texts = {
        "1.5,0.25\n-2,3e-7": ["comma", None, *pair],
        "\ufeffx,y\r\n1.5,0.25\r\n\r\n-2,3E-7\r\n": ["comma", ["x", "y"], *pair],
        "1.5\t.25\r-2\t3e-7": ["tab", None, *pair],
        "size;how toxic, in mg\n1.5;0.25\n-2;3e-7": ["semicolon", ["size", "how toxic, in mg"], *pair],
        "1,5;0,25\n-2;3e-7": ["semicolon", None, *pair],
        "a\tb\n1,5\t0,25\n\u22122\t3e-7\n": ["tab", ["a", "b"], *pair],
        '"x, ""wide""","y\nz"\n"1.5","0.25"\n-2,"3e-7"': ["comma", ['x, "wide"', "y\nz"], *pair],
        " 1.5 , +0.25 ,\n -2. , 3e-7 ,\n , \n": ["comma", None, *pair],
        "１．５，０．２５\n－２，３e－７": ["comma", None, *pair],
        "bean,size,toxicity\nkidney,1.5,0.25\nbroad,-2,3e-7": ["comma", ["bean", "size", "toxicity"], *pair],
    }
    for (text, expected), found in zip(texts.items(), read(lab, *texts), strict=True):
        assert found == expected, repr(text)


def test_what_is_wrong_is_named_with_its_line(lab: Lab) -> None:
    found = read(lab, *(text for text, _, _ in WRONG), most=10)
    for (text, key, facts), said in zip(WRONG, found, strict=True):
        assert said == [key, facts], repr(text)


def test_tables_of_python_come_back_bit_for_bit(lab: Lab) -> None:
    rng = random.Random(7)
    texts, expected = [], []
    for number in range(60):
        values = [
            [rng.uniform(-1, 1) * 10 ** rng.randint(-12, 11) for _ in range(2)] for _ in range(rng.randint(1, 40))
        ]
        names = ["x", 'a "b", c;\td'] if number % 2 else None
        written = io.StringIO()
        separator = rng.choice(",;\t")
        writer = csv.writer(written, delimiter=separator, quoting=rng.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
        writer.writerows(([names] if names else []) + values)
        texts.append(written.getvalue())
        kind = {",": "comma", ";": "semicolon", "\t": "tab"}[separator]
        expected.append([kind, names, *map(list, zip(*values, strict=True))])
    for text, found, wanted in zip(texts, read(lab, *texts), expected, strict=True):
        assert found == wanted, repr(text)


def test_what_is_saved_is_read_back(lab: Lab) -> None:
    rng = random.Random(8)
    points = {axis: [rng.gauss(0, 1) * 10 ** rng.randint(-20, 11) for _ in range(50)] for axis in "xy"}
    text = ask(
        lab, "data/csv.js", "({ writeTable }, points) => writeTable(points, ['size, cm', 'say \"toxic\"'])", points
    )
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["size, cm", 'say "toxic"']
    assert [[float(cell) for cell in row] for row in rows[1:]] == [
        list(pair) for pair in zip(points["x"], points["y"], strict=True)
    ]
    assert read(lab, text) == [["comma", rows[0], points["x"], points["y"]]]
