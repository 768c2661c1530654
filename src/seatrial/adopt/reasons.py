"""Why keys of the Compose specification do not come into a system file, and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["OF_SERVICES", "OF_TOP", "UNKNOWN"]

Reason = tuple[str, str]

UNKNOWN: Reason = ("not a key that Compose or this import knows", "see whether it is spelt as meant")

_KERNEL = "what a container may do with the machine below it; Azure's own containers may none of it"
_DOCKER = "it is about Docker on one machine"
_IMAGE = "the image that is built runs as nobody, with a root that it cannot write, without capabilities"
_LIMIT = "a limit that Azure sets by itself"
_ADDRESS = "addresses and names come from Azure; each part is told those of what it uses"
_LOGS = "logs go to Azure Monitor, whatever writes them"

OF_SERVICES: Mapping[str, Reason] = {
    "annotations": (_DOCKER, ""),
    "attach": (_DOCKER, ""),
    "build": (
        "images are built by a Dockerfile that `seatrial build` writes, of Python packages",
        "bring what yours installs besides into the lock of packages, or into a service of its own",
    ),
    "blkio_config": (_LIMIT, ""),
    "cap_add": (_KERNEL, "do without it, or run it on a machine of yours"),
    "cap_drop": (_IMAGE, ""),
    "cgroup": (_KERNEL, ""),
    "cgroup_parent": (_KERNEL, ""),
    "configs": ("files are part of the image", "put it beside the code, or what it says into env"),
    "container_name": (_ADDRESS, ""),
    "cpuset": (_LIMIT, ""),
    "cpu_shares": (_LIMIT, ""),
    "credential_spec": (_DOCKER, ""),
    "develop": ("it is about working on the code", "seatrial up starts anew what changed"),
    "device_cgroup_rules": (_KERNEL, ""),
    "devices": (_KERNEL, "for a GPU write gpus=1"),
    "dns": (_ADDRESS, ""),
    "dns_opt": (_ADDRESS, ""),
    "dns_search": (_ADDRESS, ""),
    "domainname": (_ADDRESS, ""),
    "env_file": (
        "it is not there, or is no list of variables",
        "say its settings as env, its secrets as parts",
    ),
    "extra_hosts": (_ADDRESS, "give the address as env"),
    "group_add": (_IMAGE, ""),
    "healthcheck": ("Azure asks services by HTTP, and whether others live is known by whether they run", ""),
    "hostname": (_ADDRESS, ""),
    "image": (
        "the words have no image made elsewhere: one is built from the system's own code",
        "run what the image has from your own sources, or let it stand outside and give its address as env",
    ),
    "init": (_DOCKER, ""),
    "ipc": (_KERNEL, ""),
    "isolation": (_DOCKER, ""),
    "labels": (_DOCKER, ""),
    "links": (_ADDRESS, ""),
    "logging": (_LOGS, ""),
    "log_driver": (_LOGS, ""),
    "log_opt": (_LOGS, ""),
    "mac_address": (_ADDRESS, ""),
    "memswap_limit": (_LIMIT, ""),
    "mem_swappiness": (_LIMIT, ""),
    "network_mode": (
        "a system has one network of its own, and who reaches whom follows from uses",
        "name in uses what it shared the network with",
    ),
    "networks": ("a system has one network of its own, and who reaches whom follows from uses", ""),
    "oom_kill_disable": (_LIMIT, ""),
    "oom_score_adj": (_LIMIT, ""),
    "pid": (_KERNEL, ""),
    "pids_limit": (_LIMIT, ""),
    "platform": ("machines of Azure are linux/amd64", "build for that"),
    "post_start": ("a container of Azure runs one command", "let the command itself do it"),
    "pre_stop": ("a container of Azure runs one command", "let the command do it when it is told to end"),
    "privileged": (_KERNEL, "for code that nobody trusts write sandbox(…)"),
    "profiles": (
        "what is described runs",
        "leave what is for some occasions only out in a variant: .without(…)",
    ),
    "pull_policy": (_DOCKER, ""),
    "read_only": (_IMAGE, ""),
    "runtime": (_KERNEL, "for a GPU write gpus=1"),
    "security_opt": (_IMAGE, ""),
    "shm_size": ("a container of Azure has the usual 64 MB of shared memory", "write to /tmp instead"),
    "stdin_open": ("nobody sits before it", ""),
    "stop_grace_period": ("Azure waits 30 s", "end within them"),
    "stop_signal": ("Azure sends SIGTERM", "end when it comes"),
    "storage_opt": (_DOCKER, ""),
    "sysctls": (_KERNEL, ""),
    "tmpfs": ("a process writes to the folder /tmp and to no other", "write below /tmp"),
    "tty": ("nobody sits before it", ""),
    "ulimits": (_LIMIT, ""),
    "use_api_socket": (_DOCKER, "do without it: nothing on Azure hands out Docker"),
    "user": (_IMAGE, ""),
    "userns_mode": (_KERNEL, ""),
    "uts": (_KERNEL, ""),
    "volume_driver": (_DOCKER, ""),
    "volumes_from": ("processes share no folders", "let them meet in blobs that both use"),
    "working_dir": ("commands run where the image has its packages", "name modules, not files: python -m"),
    "label_file": (_DOCKER, ""),
    "cpu_count": (_LIMIT, "say cpu="),
    "cpu_percent": (_LIMIT, "say cpu="),
    "cpu_period": (_LIMIT, "say cpu="),
    "cpu_quota": (_LIMIT, "say cpu="),
    "cpu_rt_period": (_LIMIT, ""),
    "cpu_rt_runtime": (_LIMIT, ""),
    "models": ("the model is not run beside the system", "write model_api(…) with one that Azure has"),
    **dict.fromkeys(
        (
            "environment",
            "command",
            "entrypoint",
            "volumes",
            "ports",
            "expose",
            "depends_on",
            "restart",
            "secrets",
        ),
        ("the part that stands for the service has no word for it", ""),
    ),
    **dict.fromkeys(
        ("deploy", "scale", "cpus", "mem_limit", "mem_reservation", "gpus", "provider"),
        ("the part that stands for the service has no word for it", ""),
    ),
    # of deploy
    "endpoint_mode": (_DOCKER, ""),
    "mode": (_DOCKER, ""),
    "placement": ("where it runs is Azure's choice", "for machines of your own write node_pool(…)"),
    "rollback_config": ("a release goes back by itself when the new one is not well", ""),
    "update_config": ("a release leads to the new one by steps: 10 %, 50 %, 100 %", ""),
    "restart_policy": ("Azure starts again what ends", "for a job write retries="),
    "memory": ("a container of Azure has what it asks for: cpu= and memory=", ""),
    "cpus": ("a container of Azure has what it asks for: cpu= and memory=", ""),
    "pids": (_LIMIT, ""),
    "reservations": ("a container of Azure has what it asks for: cpu= and memory=", ""),
}
"""By key of a service, or of its `deploy`."""

OF_TOP: Mapping[str, Reason] = {
    "networks": ("a system has one network of its own, and who reaches whom follows from uses", ""),
    "configs": ("files are part of the image", "put it beside the code, or what it says into env"),
    "secrets": ("nothing that became a part is given it", ""),
    "volumes": ("nothing that became a part has it", ""),
    "models": ("the model is not run beside the system", "write model_api(…) with one that Azure has"),
}
