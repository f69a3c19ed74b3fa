#!/usr/bin/python3
"""Holds deploy/kubernetes to the programs: settings that they accept, ports, probes, metrics and references that exist, pods
that may do no more than they need. Then breaks the files in ways that must be noticed.

    check_manifests.py SOURCE PROGRAMS
"""
import copy
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    print("skipped: no python3-yaml here")
    sys.exit(0)

source, programs = sys.argv[1:3]
ADMIN_PORTS = {"hub": 9101, "ingest": 9102}  # settings.h
WORKLOADS = ("Deployment", "StatefulSet")
ROLES = {"hub": "hub", "ingest": "scanner", "reader": "reader", "router": "router", "gateway": "gateway"}


def load():
    documents = []
    for path in sorted(glob.glob(os.path.join(source, "deploy/kubernetes/*.yaml"))):
        with open(path, encoding="utf-8") as stream:
            documents += [each for each in yaml.safe_load_all(stream) if each]
    return documents


def of_kind(documents, *kinds):
    return [each for each in documents if each["kind"] in kinds]


def named(documents, kind, name):
    return next((each for each in of_kind(documents, kind) if each["metadata"]["name"] == name), None)


def metrics_of_programs():
    known = set()
    for top in ("services", "common"):
        for folder, _, files in os.walk(os.path.join(source, top)):
            if "node_modules" in folder:
                continue
            for name in files:
                if name.endswith(".cpp"):
                    with open(os.path.join(folder, name), encoding="utf-8") as stream:
                        known.update(re.findall(r'"(pleiade_[a-z_]+)"', stream.read()))
    return known


def check_pod(documents, workload):
    name = workload["metadata"]["name"]
    template = workload["spec"]["template"]
    pod = template["spec"]
    security = pod.get("securityContext", {})
    if workload["spec"]["selector"]["matchLabels"].items() - template["metadata"]["labels"].items():
        yield f"{name}: its selector does not select its pods"
    if not security.get("runAsNonRoot") or not security.get("runAsUser"):
        yield f"{name}: may run as root"
    if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield f"{name}: no seccomp profile"
    if pod.get("automountServiceAccountToken") is not False:
        yield f"{name}: has a token of the cluster"
    if pod.get("terminationGracePeriodSeconds", 0) < 30:
        yield f"{name}: killed before it can finish"
    volumes = {each["name"] for each in pod.get("volumes", [])}
    volumes |= {each["metadata"]["name"] for each in workload["spec"].get("volumeClaimTemplates", [])}
    for volume in pod.get("volumes", []):
        if "configMap" in volume and not named(documents, "ConfigMap", volume["configMap"]["name"]):
            yield f"{name}: no such ConfigMap {volume['configMap']['name']}"
        if "secret" in volume and not named(documents, "Secret", volume["secret"]["secretName"]):
            yield f"{name}: no such Secret {volume['secret']['secretName']}"
    for container in pod["containers"]:
        limits = container.get("securityContext", {})
        if not limits.get("readOnlyRootFilesystem"):
            yield f"{name}: writes into its image"
        if limits.get("allowPrivilegeEscalation") is not False or limits.get("capabilities", {}).get("drop") != ["ALL"]:
            yield f"{name}: may gain rights"
        if "memory" not in container.get("resources", {}).get("limits", {}):
            yield f"{name}: no limit of memory"
        for mount in container["volumeMounts"]:
            if mount["name"] not in volumes:
                yield f"{name}: no volume {mount['name']}"
        ports = {each["name"]: each["containerPort"] for each in container.get("ports", [])}
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            asked = container.get(probe, {})
            port = asked.get("httpGet", asked.get("tcpSocket", {})).get("port")
            if port is not None and port not in ports:
                yield f"{name}: {probe} asks port {port}, which is not named"
            if asked.get("httpGet", {}).get("path") not in (None, "/healthz", "/readyz"):
                yield f"{name}: {probe} asks a path that nobody serves"
        yield from check_program(documents, workload, container, ports)


def make_keys(folder):
    """As deploy/kubernetes/README.md says; the public key of the hub."""
    public = {}
    for role in set(ROLES.values()):
        made = subprocess.run([os.path.join(programs, "pleiade"), "keys", "bus", "create", role, "--role", role, "--home", folder],
                              capture_output=True, text=True, check=True)
        public[role] = made.stdout.strip()
    return public["hub"]


def put_keys(documents, workload, service, folder):
    """The Secret of this workload's role, filled with keys that are good; what is wrong with it."""
    wanted = "pleiade-bus-" + ROLES[service]
    mounted = [each["secret"]["secretName"] for each in workload["spec"]["template"]["spec"].get("volumes", [])
               if each["name"] == "bus" and "secret" in each]
    if mounted != [wanted]:
        yield f"{workload['metadata']['name']}: its keys are not those of its role"
        return
    os.mkdir(os.path.join(folder, "bus"))
    for key in named(documents, "Secret", wanted)["stringData"]:
        made = "allowed.csv" if key == "allowed.csv" else ROLES[service] + ".key"
        shutil.copy(os.path.join(folder, "keys/bus", made), os.path.join(folder, "bus", key))


def check_program(documents, workload, container, ports):
    name = workload["metadata"]["name"]
    program = os.path.join(programs, os.path.basename(container["command"][0]))
    if not os.path.exists(program):
        yield f"{name}: no such program {program}"
        return
    service = os.path.basename(program).removeprefix("pleiade-")
    if "admin" in ports and ports["admin"] != ADMIN_PORTS[service]:
        yield f"{name}: its admin port is {ADMIN_PORTS[service]}"
    mounted = next(each["subPath"] for each in container["volumeMounts"] if each["name"] == "settings")
    settings = named(documents, "ConfigMap", "pleiade-settings")["data"].get(mounted)
    if settings is None:
        yield f"{name}: the ConfigMap has no {mounted}"
        return
    for section, port in re.findall(r"(work|desk)_endpoints? = \[?\"tcp://[^:]+:(\d+)\"", settings):
        if service == "hub" and ports.get(section) != int(port):
            yield f"{name}: {section} is not on port {port}"
    for host in re.findall(r"_endpoints? = \[?\"tcp://([a-z-]+):", settings):
        if not named(documents, "Service", host):
            yield f"{name}: nobody is called {host}"
    secrets = named(documents, "Secret", "pleiade-secrets")["stringData"]
    for path in re.findall(r"/etc/pleiade/secrets/([a-z0-9-]+)", settings):
        if path not in secrets:
            yield f"{name}: the Secret has no {path}"
    with tempfile.TemporaryDirectory() as folder:
        for key, value in secrets.items():
            with open(os.path.join(folder, key), "w", encoding="utf-8") as out:
                out.write(value)
        settings = settings.replace('hub_keys = ["change-me"]', f'hub_keys = ["{make_keys(folder)}"]')
        yield from put_keys(documents, workload, service, folder)
        settings = settings.replace("/etc/pleiade/secrets", folder).replace("/etc/pleiade/bus", folder + "/bus")
        settings = re.sub(r'config_folder = ".*"', f'config_folder = "{source}/deploy/config"', settings)
        path = os.path.join(folder, "pleiade.toml")
        with open(path, "w", encoding="utf-8") as out:
            out.write(settings)
        done = subprocess.run([program, "--home", folder, "--config", path, "--check-config"], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            yield f"{name}: its settings are refused: {done.stderr.strip().replace(folder, '')}"


def problems(documents):
    for workload in of_kind(documents, *WORKLOADS):
        yield from check_pod(documents, workload)
        service = workload["spec"].get("serviceName")
        if service and not named(documents, "Service", service):
            yield f"{workload['metadata']['name']}: no Service {service}"
    pods = [each["spec"]["template"]["metadata"]["labels"] for each in of_kind(documents, *WORKLOADS)]
    for service in of_kind(documents, "Service"):
        if not any(service["spec"]["selector"].items() <= labels.items() for labels in pods):
            yield f"Service {service['metadata']['name']} selects nobody"
    known = metrics_of_programs()
    for scaled in of_kind(documents, "ScaledObject"):
        target = scaled["spec"]["scaleTargetRef"]["name"]
        if not named(documents, "Deployment", target):
            yield f"nothing to scale is called {target}"
        elif "replicas" in named(documents, "Deployment", target)["spec"]:
            yield f"{target}: its replicas and its autoscaler would fight"
        for trigger in scaled["spec"]["triggers"]:
            for metric in re.findall(r"pleiade_[a-z_]+", trigger["metadata"]["query"]):
                if metric not in known:
                    yield f"no program shows {metric}"


def broken(documents):
    """Each a copy with one mistake."""
    def change(how):
        other = copy.deepcopy(documents)
        how(other)
        return other
    pod = lambda all_, name: next(named(all_, kind, name) for kind in WORKLOADS if named(all_, kind, name))["spec"]["template"]["spec"]
    settings = lambda all_: named(all_, "ConfigMap", "pleiade-settings")["data"]
    yield "root", change(lambda d: pod(d, "pleiade-hub")["securityContext"].pop("runAsNonRoot"))
    yield "written image", change(lambda d: pod(d, "pleiade-reader")["containers"][0]["securityContext"].pop("readOnlyRootFilesystem"))
    yield "no volume", change(lambda d: pod(d, "pleiade-router")["volumes"].pop())
    yield "killed at once", change(lambda d: pod(d, "pleiade-reader").pop("terminationGracePeriodSeconds"))
    yield "probe", change(lambda d: pod(d, "pleiade-ingest")["containers"][0]["readinessProbe"]["httpGet"].update(path="/ready"))
    yield "port", change(lambda d: pod(d, "pleiade-hub")["containers"][0]["ports"][0].update(containerPort=7000))
    yield "program", change(lambda d: pod(d, "pleiade-router")["containers"][0].update(command=["/usr/bin/pleiade-rooter"]))
    yield "setting", change(lambda d: settings(d).update({"pleiade.toml": settings(d)["pleiade.toml"].replace("cache_bytes_max", "cache_max")}))
    yield "vault", change(lambda d: settings(d).update({"hub.toml": settings(d)["hub.toml"].replace("s3://", "s4://")}))
    yield "host", change(lambda d: settings(d).update({"pleiade.toml": settings(d)["pleiade.toml"].replace("//pleiade-hub:", "//hub:")}))
    yield "metric", change(lambda d: of_kind(d, "ScaledObject")[0]["spec"]["triggers"][0]["metadata"].update(query="pleiade_backlog"))
    yield "target", change(lambda d: of_kind(d, "ScaledObject")[0]["spec"]["scaleTargetRef"].update(name="readers"))
    yield "another role's key", change(lambda d: next(v for v in pod(d, "pleiade-reader")["volumes"] if v["name"] == "bus")["secret"].update(secretName="pleiade-bus-router"))
    yield "no key", change(lambda d: settings(d).update({"pleiade.toml": settings(d)["pleiade.toml"].replace("own.key", "key")}))
    yield "no list of keys", change(lambda d: named(d, "Secret", "pleiade-bus-hub")["stringData"].pop("allowed.csv"))
    yield "secret", change(lambda d: named(d, "Secret", "pleiade-secrets")["stringData"].pop("s3-key"))


documents = load()
found = list(problems(documents))
for problem in found:
    print(problem)
unseen = [what for what, wrong in broken(documents) if not set(problems(wrong)) - set(found)]
for what in unseen:
    print(f"a mistake that nobody sees: {what}")
print(f"{len(documents)} objects, {len(of_kind(documents, *WORKLOADS))} workloads")
sys.exit(1 if found or unseen or not documents else 0)
