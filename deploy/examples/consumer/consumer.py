#!/usr/bin/env python3
"""Takes the documents of one queue of Pleiade, keeps each as FOLDER/<id>.pdf and <id>.json, then acknowledges it.

Python 3 standard library only. See README.md. Stopped at any moment, it loses nothing: what was not acknowledged goes back
to its queue when its lease ends, and comes again with the same delivery_id, so a document kept twice is the same file.
"""
import argparse
import json
import os
import pathlib
import sys
import urllib.error
import urllib.request
import uuid


class Pleiade:
    def __init__(self, base, key_file):
        self.base = base.rstrip("/")
        # Of a file, never of the command line or the environment, which others may read.
        self.headers = {"Authorization": "Bearer " + key_file.read_text().strip()}

    def get(self, path):
        request = urllib.request.Request(self.base + path, headers=self.headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def post(self, path, body, key):
        request = urllib.request.Request(self.base + path, json.dumps(body).encode(), method="POST", headers={
            **self.headers, "Content-Type": "application/json", "Idempotency-Key": key})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


def keep(folder, name, content):
    """Durable before it is acknowledged: once acknowledged, the document is ours alone."""
    partial = folder / (name + ".part")
    with open(partial, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, folder / name)
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def fetch(pleiade, document, queue, folder):
    identifier = document["id"]
    index = pleiade.get(f"/api/v1/documents/{identifier}/index.json?recipient={queue}")
    pdf = json.loads(index).get("pdf")  # absent when only the service medical may see the pages
    if pdf:
        keep(folder, identifier + ".pdf", pleiade.get(pdf))
    keep(folder, identifier + ".json", index)
    return json.loads(index)["document"]["type"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--caisse", required=True, help="three digits, for example 595")
    parser.add_argument("--service", required=True, help="for example IJ")
    parser.add_argument("--folder", required=True, type=pathlib.Path, help="where documents are kept")
    parser.add_argument("--key-file", required=True, type=pathlib.Path, help="the service's key: pleiade keys add")
    parser.add_argument("--max", type=int, default=10**9, help="stop after that many documents")
    parser.add_argument("--return", dest="known", metavar="TYPES", help="types that this service handles, AAT,RIB...; "
                        "any other is sent back to the platform as WRONG_SERVICE")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    pleiade, queue = Pleiade(options.url, options.key_file), f"{options.caisse}-{options.service}"
    known = set(options.known.split(",")) if options.known else None
    done = 0
    while done < options.max:
        taken = pleiade.post(f"/api/v1/queues/{options.caisse}/{options.service}:take",
                             {"count": min(10, options.max - done), "lease_seconds": 600}, str(uuid.uuid4()))
        if not taken["documents"]:
            break
        masters = [d for d in taken["documents"] if d["role"] == "master"]
        for document in taken["documents"]:  # attachments come along and are closed with their master
            document["type"] = fetch(pleiade, document, queue, options.folder)
        for document in masters:
            body = {"fence": document["fence"]}
            verb = "acknowledge"
            if known is not None and document["type"] not in known:
                verb, body = "return", {**body, "code": "WRONG_SERVICE", "note": "type not handled by this service"}
            # The delivery_id as key: said twice after a cut, it still counts once.
            pleiade.post(f"/api/v1/documents/{document['id']}:{verb}", body, f"{verb}-{document['delivery_id']}-{document['fence']}")
            print(f"{document['id']} {document['type']} {verb}")
            done += 1
    print(f"{done} documents", file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except urllib.error.HTTPError as error:
        problem = json.loads(error.read() or b"{}")
        sys.exit(f"{problem.get('code', error.code)}: {problem.get('detail', error.reason)} ({problem.get('trace_id', '')})")
    except urllib.error.URLError as error:
        sys.exit(f"the gateway does not answer: {error.reason}")
