"""What is on the picture of a deployed system: boxes in nested frames, lines from who asks to who answers.

One box for everything that stands for itself, with what it holds below its name. Regions are alike: what is
in each of them is drawn once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from seatrial.azure.graph import Graph, Resource
from seatrial.azure.kinds import kind_of
from seatrial.azure.overview import note_of, outermost, word_of_part
from seatrial.azure.reach import ADMINISTRATORS, WORLD, paths
from seatrial.azure.regions import called
from seatrial.azure.sizes import size_of
from seatrial.azure.values import plain
from seatrial.model import (
    Alert,
    Contact,
    Dashboard,
    Network,
    NodePool,
    Plan,
    Process,
    Temporal,
    TrafficManager,
)
from seatrial.model.value import Value

__all__ = ["Box", "Frame", "Line", "Sketch", "drawing", "sketch"]


class Frame(Value):
    """What holds boxes and other frames."""

    key: str
    title: str
    within: str | None


class Box(Value):
    """One thing."""

    key: str
    title: str
    lines: tuple[str, ...]
    within: str | None


class Line(Value):
    """One asks another."""

    source: str
    target: str
    public: bool
    """Whether it goes over the internet."""


class Sketch(Value):
    """A picture before anything has its place."""

    title: str
    frames: tuple[Frame, ...]
    """Each after the one that holds it."""
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def drawing(graph: Graph) -> str:
    """The picture as SVG."""
    from seatrial.azure.diagram_layout import arranged
    from seatrial.azure.diagram_svg import svg

    return svg(arranged(sketch(graph)))


def sketch(graph: Graph) -> Sketch:
    """What is to be drawn of a graph."""
    return _Sketcher(graph).sketch()


_DOORS, _ONCE, _REGION, _NETWORK = "doors", "once", "region", "network"
_STORES, _GROUND = "stores", "ground"

_TIERS: Mapping[str, str] = {
    "edge": "Ways in",
    "bastion": "Ways in of administrators",
    "vpn": "VPN",
    "firewall": "The way out",
    "apps": "Container Apps",
    "web": "App Service",
    "instances": "Container Instances",
    "cluster": "Kubernetes",
    "data": "Servers in a subnet of their own",
}

_PLACES: Mapping[str, str] = {
    "Microsoft.ApiManagement/service": _REGION,
    "Microsoft.App/containerApps": "apps",
    "Microsoft.App/jobs": "apps",
    "Microsoft.App/sessionPools": "apps",
    "Microsoft.Cdn/profiles": _DOORS,
    "Microsoft.ContainerInstance/containerGroups": "instances",
    "Microsoft.ContainerRegistry/registries": _GROUND,
    "Microsoft.Insights/components": _GROUND,
    "Microsoft.Network/applicationGateways": "edge",
    "Microsoft.Network/azureFirewalls": "firewall",
    "Microsoft.Network/bastionHosts": "bastion",
    "Microsoft.Network/natGateways": _NETWORK,
    "Microsoft.Network/trafficManagerProfiles": _DOORS,
    "Microsoft.Network/virtualNetworkGateways": "vpn",
    "Microsoft.OperationalInsights/workspaces": _GROUND,
    "Microsoft.Web/sites": "web",
    "Microsoft.Web/staticSites": _DOORS,
}
"""Where things stand; all others are stores."""

_FRAMES = {
    "Microsoft.App/managedEnvironments": "apps",
    "Microsoft.ContainerService/managedClusters": "cluster",
    "Microsoft.Network/virtualNetworks": _NETWORK,
}
"""Things that hold others and are drawn as frames."""

_ADMINISTRATORS_DOORS = ("Microsoft.Network/bastionHosts", "Microsoft.Network/virtualNetworkGateways")

_COUNTED = frozenset(
    f"Microsoft.Insights/{kind}"
    for kind in (
        *("actionGroups", "activityLogAlerts", "metricAlerts"),
        *("scheduledQueryRules", "webtests", "workbooks"),
    )
) | {"Microsoft.Consumption/budgets"}
"""What one box says in numbers."""


class _Sketcher:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.plan: Plan = graph.plan
        self.here = [each for each in graph.resources if each.region == graph.plan.region]
        self.several = len(graph.plan.regions) > 1
        self.twins = Counter((each.type, each.module, each.symbol) for each in graph.resources)
        self.networks = {part.name for part in graph.plan.of(Network)}
        self.frames: dict[str, Frame] = {}
        self.boxes: dict[str, Box] = {}
        self.homes: dict[str, str] = {}
        """Where the lines of a part begin and end."""
        self.anybodys: str | None = None
        """The frame of the machines on which those pods run that name none."""
        self.by_type: dict[str, str] = {}
        """The first box of a type."""

    def sketch(self) -> Sketch:
        self._machines()
        roots = list(self._roots())
        for root in roots:
            self._add(root)
        for root in roots:
            self._settle(root)
        for part in self.plan.parts:
            if isinstance(part, Process | Temporal) and part.hosted_by == "aks":
                self._pods(part)
        self._watch()
        lines = tuple(self._lines())
        return Sketch(
            title=self.plan.title,
            frames=tuple(self._filled()),
            boxes=tuple(self.boxes.values()),
            lines=lines,
        )

    # -- frames -----------------------------------------------------------------------------------------

    def _frame(self, key: str) -> str | None:
        """The frame of that key, made with all around it when it is not there; None: outside of all."""
        if key in (_DOORS, _ONCE) and not self.several:
            return None
        if key not in self.frames:
            outside = (_DOORS, _ONCE, _REGION)
            around = None if key in outside else _REGION if key in (_NETWORK, _STORES, _GROUND) else _NETWORK
            holder = None if around is None else self._frame(around)
            self.frames[key] = Frame(key=key, title=self._title(key), within=holder)
        return key

    def _title(self, key: str) -> str:
        regions = ", ".join(called(region) for region in self.plan.regions)
        made = next((each for each in self.here if _FRAMES.get(each.type) == key), None)
        size = size_of(made).partition(", ")[0] if made is not None else ""
        titles = {
            _DOORS: "Ways in, once for all regions",
            _ONCE: "Once for all regions",
            _REGION: f"In each of {regions}" if self.several else regions,
            _NETWORK: f"Network: {size}",
            _STORES: "Stores and services",
            _GROUND: "Images, logs, alerts",
        }
        return titles.get(key) or (size if key == "cluster" and size else _TIERS[key])

    def _machines(self) -> None:
        """Machines that processes share: frames in the frames of their tiers."""
        for resource in self.here:
            if resource.type == "Microsoft.Web/serverfarms":
                self._shared(resource, "web")
            elif resource.type == "Microsoft.ContainerService/managedClusters/agentPools":
                self._shared(resource, "cluster")

    def _shared(self, resource: Resource, tier: str) -> None:
        name = resource.part or plain(resource.ref.name)
        key = f"machines {name}"
        if resource.part is None and tier == "cluster":
            self.anybodys = key
        self.frames.setdefault(
            key, Frame(key=key, title=f"{name}: {_briefly(size_of(resource))}", within=self._frame(tier))
        )

    def _filled(self) -> Iterator[Frame]:
        """The frames in which something stands."""
        filled = {box.within for box in self.boxes.values()}
        for frame in reversed(list(self.frames.values())):
            if frame.key in filled:
                filled.add(frame.within)
        yield from (frame for frame in self.frames.values() if frame.key in filled)

    # -- boxes ------------------------------------------------------------------------------------------

    def _roots(self) -> Iterator[Resource]:
        for resource in self.here:
            framed = resource.type in _FRAMES or resource.type == "Microsoft.Web/serverfarms"
            stands = resource.ref.parent is None and kind_of(resource.type).rank == "main"
            if stands and not framed and resource.type not in _COUNTED:
                yield resource

    def _add(self, root: Resource) -> None:
        title = self._name_of(root)
        key = f"{root.type} {plain(root.ref.name)}"
        lines = tuple(self._says(root, self._inside(root), title))
        within = self._frame_of(self._place(root), root)
        self.boxes[key] = Box(key=key, title=title, lines=lines, within=within)
        self.homes.setdefault(title, key)
        self.by_type.setdefault(root.type, key)

    def _name_of(self, root: Resource) -> str:
        """That of its part when it is the first of it; a network is many things, and names none of them."""
        if root.part is None:
            return kind_of(root.type).words
        several = root.part in self.homes or root.part in self.networks
        own = plain(root.ref.name, "…").removesuffix(f"-{self.plan.region}")
        return own if several else root.part

    def _settle(self, root: Resource) -> None:
        """Parts that have only a share of something live there."""
        for each in self._inside(root):
            if each.part is not None and kind_of(each.type).rank != "quiet":
                self.homes.setdefault(each.part, f"{root.type} {plain(root.ref.name)}")

    def _inside(self, root: Resource) -> list[Resource]:
        return [each for each in self.here if each is not root and outermost(each.ref) == root.ref]

    def _place(self, root: Resource) -> str:
        place = _PLACES.get(root.type, _STORES)
        if self.several and place in (_STORES, _GROUND):
            alone = self.twins[(root.type, root.module, root.symbol)] == 1
            return _ONCE if alone else place
        network = root.body.get("properties", {}).get("network", {})
        if root.type.endswith("/flexibleServers") and "delegatedSubnetResourceId" in network:
            return "data"
        return place

    def _frame_of(self, place: str, root: Resource) -> str | None:
        part = next((each for each in self.plan.parts if each.name == root.part), None)
        host = getattr(part, "host", None)
        machines = f"machines {getattr(host, 'name', '')}"
        if root.type == "Microsoft.Web/sites" and machines not in self.frames:
            machines = f"machines {root.part}"
        return machines if place == "web" and machines in self.frames else self._frame(place)

    def _says(self, root: Resource, inside: list[Resource], title: str) -> Iterator[str]:
        words = kind_of(root.type).words
        if words != title:
            yield words
        if size := size_of(root):
            yield size
        for each in inside:
            if kind_of(each.type).rank == "main" and size_of(each):
                yield size_of(each)
        if root.part is None:
            held = [_held(each) for each in inside if kind_of(each.type).rank == "piece" and each.part]
            if held:
                yield f"holds {', '.join(dict.fromkeys(held))}"

    def _pods(self, part: Process | Temporal) -> None:
        tier = self._frame("cluster")
        pool = f"machines {part.host.name}" if isinstance(part.host, NodePool) else self.anybodys or tier
        key = f"{part.name} pods"
        about = (note_of(part) or "").partition(": ")[2]
        self.boxes[key] = Box(key=key, title=part.name, lines=("pods", about), within=pool)
        self.homes[part.name] = key

    def _watch(self) -> None:
        counts = Counter(
            word_of_part(part) for part in self.plan.parts if isinstance(part, Alert | Dashboard)
        )
        if not counts:
            return
        told = ", ".join(contact.name for contact in self.plan.of(Contact))
        numbers = ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for word, count in counts.items())
        lines = (numbers, f"tell {told}") if told else (numbers,)
        self.boxes["watch"] = Box(key="watch", title="alerts", lines=lines, within=self._frame(_GROUND))

    # -- lines ------------------------------------------------------------------------------------------

    def _lines(self) -> Iterator[Line]:
        found: dict[tuple[str, str], bool] = {}
        for source, target, public in self._ways():
            if source is not None and target is not None and source != target:
                found[source, target] = found.get((source, target), False) or public
        for (source, target), public in found.items():
            yield Line(source=source, target=target, public=public)

    def _ways(self) -> Iterator[tuple[str | None, str | None, bool]]:
        doors = {each: self.by_type[each] for each in _ADMINISTRATORS_DOORS if each in self.by_type}
        for door in doors.values():
            yield self._end(ADMINISTRATORS), door, True
        vpn = doors.get("Microsoft.Network/virtualNetworkGateways")
        for manager in self.plan.of(TrafficManager):
            yield self._end(manager.name), self._end(manager.to.name), True
        for path in paths(self.plan):
            through = vpn if path.source == ADMINISTRATORS and path.leaves == "vpn" else None
            yield through or self._end(path.source), self._end(path.target), path.way == "public"

    def _end(self, name: str) -> str | None:
        if name in (WORLD, ADMINISTRATORS) and name not in self.homes:
            self.boxes[name] = Box(key=name, title=name, lines=(), within=None)
            self.homes[name] = name
        return self.homes.get(name)


def _briefly(machines: str) -> str:
    """`Standard_D4s_v5, 2 to 6 machines` in a frame that is called machines anyway."""
    return machines.replace(" machines", "").replace(" machine", "")


def _held(resource: Resource) -> str:
    """What a shared thing holds for a part: the part, or the name of a secret."""
    if resource.type.endswith("/secrets"):
        return plain(resource.ref.name)
    return resource.part or ""
