"""Jobs and schedules: processes that end."""

from __future__ import annotations

import asyncio

from seatrial.laptop.process import Child
from seatrial.laptop.units import Context, Unit, back_off
from seatrial.model.parts import Job, Schedule

__all__ = ["JobUnit", "ScheduleUnit"]


class _Ending(Unit):
    """A process that ends, tried again so often as it may be."""

    def __init__(self, part: Job | Schedule, context: Context) -> None:
        super().__init__(part, context)
        self._process = part

    async def try_until_done(self) -> str | None:
        """Run it to its good end: None; or how its last try ended."""
        wrong: str | None = None
        for attempt in range(self._process.retries + 1):
            if attempt:
                delay = back_off(attempt, self.context.pace)
                restarts = self.board.state(self.name).restarts + 1
                self.board.change(self.name, condition="restarting", restarts=restarts, error=wrong)
                self.board.say(f"{self.name} {wrong}; trying again in {delay:g} s", loud=True)
                await asyncio.sleep(delay)
            wrong = await self._try_once()
            if wrong is None:
                return None
        return wrong

    async def _try_once(self) -> str | None:
        self.board.change(self.name, condition="working")
        command = self.context.launch.command(self._process, self.context.addresses)
        self.child = child = await self.context.start(self.part, command)
        limit = self._process.time_limit
        try:
            async with asyncio.timeout(limit.seconds):
                how = await child.wait()
        except TimeoutError:
            how = f"was not done within {limit}"
        await self.end_child()
        return None if _ended_well(child) else how


class JobUnit(_Ending):
    """A job that runs at the start of the system."""

    def __init__(self, part: Job, context: Context) -> None:
        super().__init__(part, context)
        self._once = self.board.home.done(part.name) if part.runs == "once" else None

    async def live(self) -> None:
        if self._once is not None and self._once.exists():
            self.is_ready("done")
            self.board.note(self.name, "done at an earlier start")
            return
        wrong = await self.try_until_done()
        if wrong is not None:
            self.fail(wrong, f"mend what the log tells; `seatrial run {self.name}` tries again")
            return
        if self._once is not None:
            self._once.parent.mkdir(exist_ok=True)
            self._once.touch()
        self.is_ready("done")


class ScheduleUnit(_Ending):
    """A process started by the clock. While it runs, the times that pass are left out."""

    def __init__(self, part: Schedule, context: Context) -> None:
        super().__init__(part, context)
        self._schedule = part

    async def live(self) -> None:
        from cronsim import CronSim

        self.is_ready("ready")
        while True:
            moment = self.context.clock()
            due = next(CronSim(self._schedule.cron, moment))
            self.board.note(self.name, f"next at {due:%Y-%m-%d %H:%M} UTC")
            await asyncio.sleep((due - moment).total_seconds())
            wrong = await self.try_until_done()
            if wrong is None:
                self.board.change(self.name, condition="ready", error=None)
            else:
                self.fail(wrong, "it runs again at its next time")


def _ended_well(child: Child) -> bool:
    return child.code == 0
