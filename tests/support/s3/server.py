#!/usr/bin/python3
"""An S3 server for tests: OpenStack Swift with its S3 interface (Debian's python3-swift), whole in one process.

    server.py FOLDER PORT BUCKET ACCESS_KEY SECRET_KEY PART_BYTES_MIN

Swift's own proxy, account, container and object servers, each on a port of loopback, one replica, files under FOLDER, which
outlives the process. It checks signatures (version 4), dates and the digests of bodies. Prints its port once it answers.
Ours are only the wiring and a cache in a dictionary, where an installation has memcached.
"""
import array
import os
import sys

import eventlet

eventlet.monkey_patch()

folder, port, bucket, access_key, secret_key, part_bytes_min = sys.argv[1:7]
account, user = access_key.split(":")
devices = os.path.join(folder, "devices")
os.makedirs(os.path.join(devices, "disk"), exist_ok=True)


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as out:
        out.write(text)
    return path


write("swift.conf", "[swift-hash]\nswift_hash_path_suffix = tests\n[storage-policy:0]\nname = only\ndefault = yes\n")

from swift.common import utils  # noqa: E402

utils.set_swift_dir(folder)

from eventlet import wsgi  # noqa: E402
from swift.common import storage_policy, wsgi as swift_wsgi  # noqa: E402
from swift.common.ring import RingData  # noqa: E402
from swift.common.storage_policy import POLICIES  # noqa: E402
from swift.common.swob import Request  # noqa: E402

storage_policy.reload_storage_policies()

common = f"swift_dir = {folder}\ndevices = {devices}\nmount_check = false\nlog_level = CRITICAL\n"
POOL = eventlet.GreenPool(1000)


class Silent:
    def write(self, *_):
        pass

    def info(self, *_):
        pass

    debug = error = warning = exception = info


def serve(sock, app):
    POOL.spawn_n(wsgi.server, sock, app, Silent(), custom_pool=eventlet.GreenPool(200),
                 protocol=swift_wsgi.SwiftHttpProtocol, capitalize_response_headers=False)
    return sock.getsockname()[1]


def listen(number):
    return eventlet.listen(("127.0.0.1", number), reuse_port=False, backlog=256)


class Remembered:
    """memcached's verbs that Swift uses."""

    def __init__(self):
        self.known = {}

    def get(self, key, **_):
        return self.known.get(key)

    def set(self, key, value, **_):
        self.known[key] = value

    def incr(self, key, delta=1, **_):
        self.known[key] = int(self.known.get(key) or 0) + delta
        return self.known[key]

    def decr(self, key, delta=1, **_):
        return self.incr(key, -delta)

    def delete(self, key, **_):
        self.known.pop(key, None)


# The servers of storage, then one ring for each that says where it is.
for kind, package in (("account", "account"), ("container", "container"), ("object", "object")):
    conf = write(f"{kind}-server.conf",
                 f"[DEFAULT]\n{common}[pipeline:main]\npipeline = {kind}-server\n"
                 f"[app:{kind}-server]\nuse = egg:swift#{package}\n")
    number = serve(listen(0), swift_wsgi.loadapp(conf))
    device = {"id": 0, "zone": 0, "region": 1, "device": "disk", "ip": "127.0.0.1", "port": number,
              "replication_ip": "127.0.0.1", "replication_port": number, "weight": 1.0, "meta": ""}
    RingData([array.array("H", [0])], [device], 32).save(os.path.join(folder, f"{kind}.ring.gz"))

proxy_conf = write("proxy-server.conf", f"""[DEFAULT]
{common}
[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats s3api tempauth bulk slo dlo proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
min_segment_size = {part_bytes_min}
[filter:tempauth]
use = egg:swift#tempauth
user_{account}_{user} = {secret_key} .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
""")
app = swift_wsgi.loadapp(proxy_conf)
cache = Remembered()


def with_cache(environ, start_response):
    environ["swift.cache"] = cache
    return app(environ, start_response)


sock = listen(int(port))
for _ in range(20):
    made = Request.blank(f"/v1/AUTH_{account}/{bucket}", environ={"REQUEST_METHOD": "PUT"})
    made.environ["swift.cache"] = cache
    made.environ["swift.authorize_override"] = True
    made.environ["swift.authorize"] = lambda request: None
    if made.get_response(app).is_success:
        break
    eventlet.sleep(0.05)
print(serve(sock, with_cache), flush=True)
# Ends with whoever started it, even by kill -9: its end of the pipe on standard input closes.
from eventlet.green import os as green_os  # noqa: E402

while eventlet.tpool.execute(os.read, 0, 1):
    pass
os._exit(0)
