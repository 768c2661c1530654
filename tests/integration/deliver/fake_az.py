"""An Azure that fits on a table: `az` for the scripts of a release, with its state in the file $AZURE.

It knows the few questions that the scripts ask, and fails on every other. `broken` in the state makes things
fail: a health state, a job's end, a share of errors. Every call is kept, so that a test can read them.
"""

import json
import os
import sys
from pathlib import Path

FILE = Path(os.environ["AZURE"])


def main() -> None:
    state = json.loads(FILE.read_text())
    words = sys.argv[1:]
    state["calls"].append(" ".join(words))
    try:
        said = answer(state, words)
    finally:
        FILE.write_text(json.dumps(state, indent=1))
    if said is not None:
        print(said)


def option(words: list[str], name: str) -> str:
    return words[words.index(name) + 1] if name in words else ""


def answer(state: dict, words: list[str]) -> object:
    asked = " ".join(word for word in words[: next((i for i, w in enumerate(words) if w[0] == "-"), None)])
    name, query = option(words, "--name"), option(words, "--query")
    apps, jobs = state["apps"], state["jobs"]
    match asked:
        case "acr list":
            return "kioskregistry"
        case "acr show":
            return "/registries/kioskregistry" if query == "id" else "kioskregistry.azurecr.io"
        case "acr task show":
            return "builder" if state.get("builder") else missing()
        case "acr task create":
            assert option(words, "--assign-identity") == "[system]"
            state["builder"] = Path(option(words, "--file")).read_text()
        case "acr task credential add" | "role assignment create":
            state["rights"] = [*state.get("rights", []), " ".join(words)]
        case "acr repository show":
            return None if option(words, "--image") in state["images"] else missing()
        case "acr task run":  # a right that was just given is not known at once
            if state.setdefault("refusals", 1) > 0:
                state["refusals"] -= 1
                sys.exit("denied: the task may not push")
            said = dict(
                word.split("=", 1)
                for word, before in zip(words[1:], words, strict=False)
                if before == "--set"
            )
            context = Path(option(words, "--context"))
            assert (context / said["file"]).is_file()
            state["contexts"].append(sorted(str(p) for p in context.rglob("*") if p.is_file()))
            state["images"].append(said["image"])
        case "deployment sub create":
            return deployed(state, name, json.loads(Path(option(words, "--parameters")[1:]).read_text()))
        case "deployment sub list":
            return next((each for each in reversed(state["deployments"]) if "-all-" in each), "")
        case "containerapp show":
            app = apps.get(name) or missing()
            if "traffic" in query:
                return max(app["traffic"].items(), key=lambda each: each[1])[0] if app["traffic"] else "None"
            return {
                "": None,
                "properties.latestReadyRevisionName": app["revisions"][-1],
                "properties.latestRevisionName": app["revisions"][-1],
                "properties.configuration.ingress.fqdn": f"{name}.sea.azurecontainerapps.io",
                "id": f"/apps/{name}",
            }[query]
        case "containerapp ingress traffic set":
            weights = [
                word.split("=") for word in words[words.index("--revision-weight") + 1 :] if "=" in word
            ]
            apps[name]["traffic"] = {revision: int(weight) for revision, weight in weights}
        case "containerapp revision show":
            return state["broken"].get("health", "Healthy")
        case "containerapp revision activate":
            if option(words, "--revision") not in apps[name]["active"]:
                apps[name]["active"].append(option(words, "--revision"))
        case "containerapp revision deactivate":
            apps[name]["active"].remove(option(words, "--revision"))
        case "containerapp revision list":
            return next((r for r, tag in apps[name]["tags"].items() if f":{tag}'" in query), "")
        case "containerapp job show":
            return None if name in jobs else missing()
        case "containerapp job update":
            jobs[name]["image"] = option(words, "--image")
        case "containerapp job start":
            jobs[name]["started"] = [*jobs[name].get("started", []), jobs[name]["image"]]
            return f"{name}-execution"
        case "containerapp job execution show":
            return state["broken"].get("job", "Succeeded")
        case "containerapp job execution list":
            return len(jobs[name].get("started", []))
        case "monitor metrics list":
            if option(words, "--metric") == "ResponseTime":
                return state["broken"].get("took", 20.0)
            if option(words, "--metric") == "HttpResponseTime":
                return 0.02
            failed = option(words, "--metric") == "Http5xx" or "5xx" in option(words, "--filter")
            return state["broken"].get("errors", 0) if failed else 1000.0
        case "aks command invoke":
            told = option(words, "--command")
            if told == "kubectl apply -k .":
                state["manifests"] = {file.name: file.read_text() for file in Path.cwd().glob("*.yaml")}
            return state["broken"].get("cluster", 0)
        case "resource list":
            return "kioskregistryabc123"
        case "resource show" | "account show":
            return "said-by-azure"
        case "webapp list":
            return next(iter(state["sites"]), "")
        case "webapp config show":
            site = state["sites"].get(name) or missing()
            return f"DOCKER|kioskregistry.azurecr.io/kiosk/web:{site['serves']}"
        case "webapp show":
            return f"{name}-staging.azurewebsites.net" if "--slot" in words else f"/sites/{name}"
        case "webapp traffic-routing set":
            state["sites"][name]["share"] = int(option(words, "--distribution").removeprefix("staging="))
        case "webapp traffic-routing clear":
            state["sites"][name]["share"] = 0
        case "webapp deployment slot swap":
            site = state["sites"][name]
            site["serves"], site["waits"] = site["waits"], site["serves"]
        case _:
            raise SystemExit(f"this Azure does not know: az {' '.join(words)}")
    return None


def deployed(state: dict, name: str, file: dict) -> None:
    """A deployment makes the jobs, and a new revision of each app, which gets what the parameters say."""
    values = {key: each["value"] for key, each in file["parameters"].items()}
    state["parameters"].append(values)
    state["deployments"].append(name)
    if values["stage"] != "all":
        return
    for job in ("papers-migrate", "fill"):
        state["jobs"].setdefault(job, {})["image"] = (
            f"kioskregistry.azurecr.io/kiosk/{job}:{values['imageTag']}"
        )
    if state["on"] == "app service":
        tag = values["imageTag"]
        state["sites"]["kiosk-web-abc123"] = {
            "serves": values.get("webLive") or tag,
            "waits": tag,
            "share": 0,
        }
        return
    app = state["apps"].setdefault("web", {"revisions": [], "active": [], "tags": {}})
    revision = f"web--{len(app['revisions']) + 1}"
    app["revisions"].append(revision)
    app["active"].append(revision)
    app["tags"][revision] = values["imageTag"]
    live = values.get("webLive", "")
    app["traffic"] = {live: 100, revision: 0} if live else {}


def missing() -> None:
    raise SystemExit(3)


main()
