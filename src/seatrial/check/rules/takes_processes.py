"""Will Azure take it: what runs."""

from __future__ import annotations

from seatrial.check.rule import refusal

refusal(
    "worker-nothing-wakes",
    title="A process that may go down to no replica has no rule that can wake it",
    why="What does not run uses no CPU and memory to measure: it stops for good.",
    source="https://learn.microsoft.com/azure/container-apps/scale-app",
    matches=r"^replicas=\(0, \d+\): at no replica, ",
    bad="""
from seatrial import System, cpu

shop = System("shop")
shop.worker("packer", "pack", replicas=(0, 3), scale=[cpu(70)])
""",
    good="""
from seatrial import System, cpu

shop = System("shop")
shop.worker("packer", "pack", replicas=(1, 3), scale=[cpu(70)])
""",
)
