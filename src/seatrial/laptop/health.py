"""Whether a service is well: by plain HTTP over asyncio, because a probe must cost next to nothing."""

from __future__ import annotations

import asyncio

__all__ = ["probe", "until_well"]

_FIRST_DELAY, _LONGEST_DELAY, _PATIENT_AFTER = 0.02, 0.25, 100


async def probe(port: int, path: str, within: float) -> str | None:
    """Ask once; None when the answer is 2xx, else what was wrong."""
    try:
        async with asyncio.timeout(within):
            return await _ask(port, path)
    except TimeoutError:
        return f"no answer on {path} within {within:g} s"
    except (OSError, EOFError, ValueError) as error:
        return f"no answer on {path}: {getattr(error, 'strerror', None) or error}"


async def _ask(port: int, path: str) -> str | None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: seatrial\r\n"
            "Accept: */*\r\nConnection: close\r\n\r\n".encode()
        )
        words = (await reader.readline()).split(None, 2)
        if len(words) < 2 or not words[0].startswith(b"HTTP/"):
            return f"no HTTP answer on {path}"
        status = int(words[1])
        return None if 200 <= status < 300 else f"{path} answers {status}"
    finally:
        writer.close()


async def until_well(port: int, path: str) -> None:
    """Ask again and again until the answer is 2xx: every 20 ms for two seconds, then less often."""
    delay, asked = _FIRST_DELAY, 0
    while await probe(port, path, within=5) is not None:
        await asyncio.sleep(delay)
        asked += 1
        if asked > _PATIENT_AFTER:
            delay = min(delay * 1.3, _LONGEST_DELAY)
