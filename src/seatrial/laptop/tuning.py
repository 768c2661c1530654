"""The settings of PostgreSQL on a laptop."""

from __future__ import annotations

import os
import shutil

__all__ = ["settings_for"]


def settings_for(memory: int) -> dict[str, str]:
    """The settings for a machine with that much memory in bytes, shared with all else that runs on a laptop.

    A vector index is fast when it lies in shared_buffers, and built fast when it fits maintenance_work_mem:
    half-precision vectors of 384 dimensions take some 1.2 GB a million.
    """
    mib = memory // 2**20
    cores = os.cpu_count() or 2
    return {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "100",
        "shared_buffers": f"{min(max(mib // 8, 128), 4096)}MB",
        "effective_cache_size": f"{mib // 2}MB",
        "maintenance_work_mem": f"{min(max(mib // 12, 64), 2048)}MB",
        "work_mem": "16MB",
        "max_wal_size": "2GB",
        "wal_level": "replica",
        "wal_retrieve_retry_interval": "100ms",
        "max_parallel_maintenance_workers": str(cores),
        "max_parallel_workers": str(cores),
        "max_parallel_workers_per_gather": str(max(cores // 2, 1)),
        # Parallel index builds share maintenance_work_mem; in containers /dev/shm is often 64 MB.
        "dynamic_shared_memory_type": "posix" if _shared_memory() > 4 * 2**30 else "mmap",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
    }


def _shared_memory() -> int:
    try:
        return shutil.disk_usage("/dev/shm").total  # noqa: S108  # only asked for its size
    except OSError:
        return 2**40  # macOS has no such limit
