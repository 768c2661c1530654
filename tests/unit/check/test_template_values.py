"""What expressions come to, as far as that is known before a deployment."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial.azure.values import Expression, plain
from seatrial.check.template_calls import is_secret
from seatrial.check.template_expressions import Unknown, Unparsable
from seatrial.check.template_values import Scope

SCOPE = Scope(
    parameters={
        "name": "shop",
        "sizes": ["small", "large"],
        "open": Unknown(text="open"),
        "key": Unknown(text="key", secret=True),
    },
    variables={
        "full": "[concat(parameters('name'), '-full')]",
        "loop": "[variables('loop')]",
        "tags": {"Team": "[parameters('name')]"},
    },
    functions={
        "own.twice": {
            "parameters": [{"name": "x"}],
            "output": {"value": "[concat(parameters('x'), parameters('x'))]"},
        },
        "own.again": {"parameters": [], "output": {"value": "[own.again()]"}},
    },
)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("plain", "plain"),
        ("[[no expression]", "[no expression]"),
        ("['it''s']", "it's"),
        ("[Parameters('NAME')]", "shop"),
        ("[variables('full')]", "shop-full"),
        ("[variables('tags').team]", "shop"),
        ("[parameters('sizes')[1]]", "large"),
        ("[concat('a', 1, 'b')]", "a1b"),
        ("[concat(createArray(1), createArray(2))]", [1, 2]),
        ("[format('{0}-{1} {{x}}', 'a', 2)]", "a-2 {x}"),
        ("[toLower('AbC')]", "abc"),
        ("[if(equals(parameters('name'), 'shop'), 'yes', 'no')]", "yes"),
        ("[if(not(true()), 'yes', 'no')]", "no"),
        ("[and(true(), false())]", False),
        ("[or(parameters('open'), true())]", True),
        ("[and(parameters('open'), false())]", False),
        ("[coalesce(null(), 'b')]", "b"),
        ("[empty('')]", True),
        ("[contains(parameters('sizes'), 'small')]", True),
        ("[contains(createObject('A', 1), 'a')]", True),
        ("[length(parameters('sizes'))]", 2),
        ("[first(parameters('sizes'))]", "small"),
        ("[last('ab')]", "b"),
        ("[split('a,b;c', createArray(',', ';'))]", ["a", "b", "c"]),
        ("[join(createArray('a', 'b'), '-')]", "a-b"),
        ("[replace('a.b', '.', '-')]", "a-b"),
        ("[substring('abcdef', 1, 3)]", "bcd"),
        ("[take('abcdef', 2)]", "ab"),
        ("[skip(createArray(1, 2, 3), 1)]", [2, 3]),
        ("[padLeft('7', 3, '0')]", "007"),
        ("[add(1, mul(2, 3))]", 7),
        ("[div(-7, 2)]", -3),  # towards zero
        ("[mod(-7, 2)]", -1),  # -7 - 2 × -3
        ("[min(createArray(3, 1))]", 1),
        ("[int('42')]", 42),
        ("[bool('True')]", True),
        ("[string(createObject('a', 1))]", '{"a":1}'),
        ("[json('{\"a\": [1]}').a[0]]", 1),
        ("[range(2, 3)]", [2, 3, 4]),
        ("[union(createObject('a', 1), createObject('b', 2))]", {"a": 1, "b": 2}),
        ("[union(createArray(1), createArray(1, 2))]", [1, 2]),
        ("[intersection(createArray(1, 2), createArray(2))]", [2]),
        ("[indexOf('abc', 'C')]", 2),
        ("[items(createObject('b', 2))]", [{"key": "b", "value": 2}]),
        ("[tryGet(variables('tags'), 'none')]", None),
        ("[base64('a')]", "YQ=="),
        ("[own.twice('ab')]", "abab"),
        ("[map(parameters('sizes'), lambda('size', toUpper(lambdaVariables('size'))))]", ["SMALL", "LARGE"]),
        ("[map(parameters('sizes'), lambda('size', 'index', lambdaVariables('INDEX')))]", [0, 1]),
        ("[filter(parameters('sizes'), lambda('s', startsWith(lambdaVariables('s'), 'l')))]", ["large"]),
        (
            "[reduce(range(1, 4), 0, lambda('s', 'n', add(lambdaVariables('s'), lambdaVariables('n'))))]",
            10,  # 0 + 1 + 2 + 3 + 4
        ),
        (
            "[toObject(parameters('sizes'), lambda('s', lambdaVariables('s')),"
            " lambda('s', length(lambdaVariables('s'))))]",
            {"small": 5, "large": 5},
        ),
        (
            "[map(range(0, 2), lambda('x', map(range(0, 2),"
            " lambda('y', add(lambdaVariables('x'), lambdaVariables('y'))))))]",
            [[0, 1], [1, 2]],
        ),
    ],
)
def test_what_is_known_is_worked_out(written: str, value: Any) -> None:
    assert SCOPE.value(written) == value


@pytest.mark.parametrize(
    "written",
    [
        "[resourceGroup().location]",
        "[uniqueString('a')]",
        "[parameters('open')]",
        "[parameters('never declared')]",
        "[variables('loop')]",
        "[variables('tags').none]",
        "[parameters('sizes')[7]]",
        "[if(parameters('open'), 'yes', 'no')]",
        "[toUpper(resourceGroup().name)]",
        "[map(parameters('open'), lambda('size', lambdaVariables('size')))]",
        "[filter(parameters('sizes'), lambda('size', parameters('open')))]",
        "[toObject(parameters('sizes'), lambda('size', 1))]",
        "[map(parameters('sizes'), 'x')]",
        "[sort(parameters('sizes'), lambda('a', 'b', true()))]",
        "[lambdaVariables('size')]",
        "[range(0, 1000000000)]",
        "[lambda('size', 1)]",
        "[int('many')]",
        "[div(1, 0)]",
        "[own.again()]",
        "[aFunctionOfTomorrow(1)]",
    ],
)
def test_what_only_the_deployment_knows_stays_unknown(written: str) -> None:
    assert isinstance(SCOPE.value(written), Expression)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("[concat('kv-', uniqueString(resourceGroup().id), '-eu')]", "kv-…-eu"),
        ("[toLower(format('KV-{0}', parameters('open')))]", "kv-…"),
        ("[resourceId('A.B/c/d', 'x', 'y')]", "/subscriptions/…/resourceGroups/…/providers/A.B/c/x/d/y"),
        ("[subscriptionResourceId('A.B/c', 'x')]", "/subscriptions/…/providers/A.B/c/x"),
        ("[extensionResourceId(resourceId('A.B/c', 'x'), 'E.F/g', 'z')]",
         "/subscriptions/…/resourceGroups/…/providers/A.B/c/x/providers/E.F/g/z"),
    ],
)  # fmt: skip
def test_a_text_keeps_the_pieces_that_are_known(written: str, text: str) -> None:
    assert plain(SCOPE.value(written), "…") == text


def test_equal_values_need_no_condition() -> None:
    assert SCOPE.value("[if(parameters('open'), 'same', 'same')]") == "same"


@pytest.mark.parametrize(
    "written",
    [
        "[parameters('key')]",
        "[concat('Password=', parameters('key'))]",
        "[format('x{0}', toLower(parameters('key')))]",
        "[if(parameters('open'), parameters('key'), '')]",
        "[listKeys('id', '2023-01-01').keys[0].value]",
        "[base64(listKeys('id', '2023-01-01').key1)]",
        "[createObject('a', parameters('key'))]",
        "[coalesce(parameters('key'), 'x')]",
        "[map(range(0, 1), lambda('i', concat(parameters('key'), lambdaVariables('i'))))]",
    ],
)
def test_what_is_made_of_a_secret_is_a_secret(written: str) -> None:
    assert is_secret(SCOPE.value(written))


def test_names_in_an_object_may_be_expressions() -> None:
    assert SCOPE.value({"[parameters('name')]": {"[[a]": 1}}) == {"shop": {"[a]": 1}}


@pytest.mark.parametrize(
    "written",
    [
        "[concat(]",
        "[concat('a') b]",
        "['open]",
        "[a.b]",
        "[x()..y]",
        "[]",
        "[" + "f(" * 200 + ")" * 200 + "]",
    ],
)
def test_what_is_no_expression_is_told(written: str) -> None:
    with pytest.raises(Unparsable):
        SCOPE.value(written)
