"""seatrial explain"""

from __future__ import annotations

import click

from seatrial.cli import exits
from seatrial.cli.systems import leave


@click.command(epilog="Example:  seatrial explain worker-nothing-wakes")
@click.argument("rule", required=False)
def command(rule: str | None) -> None:
    """Show the page of a rule: the mistake, what happens, who says so, a bad and a good example.

    Without a name: all rules, one line each.
    """
    from seatrial.check.pages import page_of
    from seatrial.check.rule import every_rule
    from seatrial.model.mistakes import nearest

    rules = {each.id: each for each in every_rule()}
    if rule is None:
        width = max(map(len, rules))
        for each in rules.values():
            click.echo(f"{each.id:<{width}}  {each.severity:<8}{each.title}")
        return
    if rule not in rules:
        meant = nearest(rule, rules)
        hint = f'did you mean "{meant}"?' if meant else "seatrial explain lists them"
        leave(f'there is no rule "{rule}"', exits.USAGE, hint=hint)
    click.echo(page_of(rules[rule]))
