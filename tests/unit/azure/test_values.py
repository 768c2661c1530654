"""Values that only the deployment knows."""

from __future__ import annotations

from seatrial.azure.values import (
    Guid,
    Id,
    Join,
    Json,
    Parameter,
    Ref,
    Suffix,
    WhenEmpty,
    expressions,
    join,
    plain,
    serialized,
)

SUFFIX = Suffix(region="eastus2")
VAULT = Ref(type="Microsoft.KeyVault/vaults", name=Join(pieces=("v-", SUFFIX)))


def test_texts_that_are_all_plain_join_to_plain_text() -> None:
    assert join("a", "-", "b") == "a-b"
    assert join() == ""


def test_joined_texts_are_flat() -> None:
    assert join("a", join("b", SUFFIX), "", "c", "d") == Join(pieces=("ab", SUFFIX, "cd"))
    assert join(SUFFIX) == SUFFIX


def test_plain_text_has_six_letters_for_what_is_not_known() -> None:
    assert plain(join("a-", SUFFIX)) == "a-xxxxxx"


def test_every_expression_is_found_inside_of_others_in_keys_and_in_names() -> None:
    live = Parameter(name="live", why="x")
    inner = Guid(pieces=(Id(of=VAULT), "role"))
    value = {"a": [1, {Id(of=VAULT): None}], "b": WhenEmpty(parameter=live, then=inner, otherwise="c")}
    found = expressions(value)
    assert {SUFFIX, live, inner, Id(of=VAULT)} <= set(found)
    assert found.count(Id(of=VAULT)) == 2


def test_json_is_text_with_expressions_in_it() -> None:
    written = Json(value={"a": [1, SUFFIX], "b": 'say "x"'})
    assert serialized(written) == Join(pieces=('{"a":[1,"', SUFFIX, '"],"b":"say \\"x\\""}'))


def test_a_child_has_its_parents_type_and_names() -> None:
    secret = VAULT.child("secrets", "key")
    assert secret.type == "Microsoft.KeyVault/vaults/secrets"
    assert secret.names == (VAULT.name, "key")
