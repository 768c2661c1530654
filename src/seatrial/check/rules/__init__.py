"""The rules, a file for each family and subject; `seatrial.check.rule.every_rule` reads them all."""
