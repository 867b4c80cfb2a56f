# SPDX-License-Identifier: Apache-2.0
"""Replays recorded requests of a real server against the sandbox and lists the differences of the answers.

A recording is a JSON line {"product", "name", "request": {"method", "path", "headers", "body"},
"response": {"status", "headers", "body"}}. Names, identifiers and keys in it belong to the recorded
server; they are mapped to those of the sandbox from its answers.
"""

import fnmatch
import http.client
import json
import re
import time
import urllib.parse

ID_MEMBERS = {"_id", "id", "analyzerId", "workerId", "caseId", "organisationId"}
# Members that identify the elements of a list, in both servers.
NATURAL_KEYS = ("name", "data", "sourceRef", "login", "workerDefinitionId")


def load(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def walk(value, path=""):
    """(path, value) of everything inside; list elements are all called []."""
    yield path, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from walk(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner, path + "[]")


def text_of(request):
    body = request.get("body")
    return request["path"] + " " + (body if isinstance(body, str) else json.dumps(body))


def made_ids(recording):
    """The objects that this request created: identifiers in the answer to a POST or PUT."""
    request, response = recording["request"], recording["response"]
    read_only = "/query" in request["path"] or "_search" in request["path"]
    if request["method"] not in ("POST", "PUT") or response["status"] not in (200, 201, 207) or read_only:
        return []
    return [value for path, value in walk(response["body"])
            if path.rsplit(".", 1)[-1] == "_id" and isinstance(value, str)]


def newest(recording):
    stamps = [value for path, value in walk(recording["response"]["body"])
              if re.search(r"(At|Date|date)$", path) and isinstance(value, int)]
    return max(stamps, default=0)


class Order:
    """Recordings may be in any order (they are kept by name): first creations, then their reads, then changes and their
    reads, then removals and their reads."""

    MAKE, LOOK, CHANGE, LOOK_AGAIN, REMOVE, LOOK_AFTER = range(6)

    def __init__(self, recordings):
        self.made = {one for recording in recordings for one in made_ids(recording)}

    def phase(self, recording):
        request, response = recording["request"], recording["response"]
        body = response["body"] if isinstance(response["body"], dict) else {}
        names_made = any(one in text_of(request) for one in self.made)
        if response["status"] == 520 or (response["status"] == 204 and request["method"] == "POST"):
            return self.MAKE - 1 - (response["status"] == 520)
        if request["method"] == "DELETE" and response["status"] == 204:
            return self.REMOVE
        route_unknown = str(body.get("message", "")).startswith("/")
        gone = response["status"] == 404 and names_made and not route_unknown and request["method"] != "POST"
        if body.get("status") == "Deleted" or gone:
            return self.LOOK_AFTER
        if request["method"] == "PATCH" or re.search(r"/(case|merge/[^/]+)$", request["path"]) and names_made:
            return self.CHANGE
        if made_ids(recording):
            return self.MAKE
        if any(path.endswith("_updatedAt") and value for path, value in walk(response["body"])):
            return self.LOOK_AGAIN
        return self.LOOK

    def key(self, recording):
        body = recording["response"]["body"]
        phase = self.phase(recording)
        again = recording["response"]["status"] >= 400 or (isinstance(body, dict) and bool(body.get("fromCache")))
        return phase, (newest(recording), again) if phase in (self.MAKE, self.CHANGE) else (0, False)

    def sorted(self, recordings):
        return sorted(recordings, key=self.key)


class Replay:
    """`keys`: good, limited (read-only, or no rights), wrong, admin (creates users and organisations) and orgadmin
    (configures analyzers); `names`: of the recorded server -> here."""

    def __init__(self, url, keys, names, pause=0.0):
        self.address = urllib.parse.urlsplit(url).netloc
        self.keys, self.pause = keys, pause
        self.names = dict(names)

    def translate(self, text):
        for old in sorted(self.names, key=len, reverse=True):
            text = re.sub(rf"(?<![A-Za-z0-9_-]){re.escape(old)}(?![A-Za-z0-9_-])",
                          lambda _, new=self.names[old]: new, text)
        return text

    def headers(self, recording):
        """Keys are not recorded: the result shows which one was used."""
        request, response = recording["request"], recording["response"]
        out = {name: self.translate(value) for name, value in (request.get("headers") or {}).items()}
        if "Authorization" not in out:
            return out
        body = response["body"] if isinstance(response["body"], dict) else {}
        stranger = "X-Organisation" in out and out["X-Organisation"] not in self.names.values()
        refused = response["status"] == 403 or body.get("message") == "Organisation not found"
        configures = "analyzerdefinition" in request["path"] or "/organization/analyzer/" in request["path"]
        shows_keys = any(path.endswith("[].configuration") for path, _ in walk(response["body"]))
        makes = request["method"] == "POST" and re.search(r"/(user|organi[sz]ation)$", request["path"])
        if response["status"] in (200, 201) and (configures or shows_keys or makes):
            out["Authorization"] = "Bearer " + self.keys["admin" if makes else "orgadmin"]
            return out
        kind = "wrong" if response["status"] == 401 else "limited" if refused and not stranger else "good"
        out["Authorization"] = "Bearer " + self.keys[kind]
        return out

    def ask(self, recording):
        request = recording["request"]
        body = request.get("body")
        if body is not None:
            body = self.translate(body if isinstance(body, str) else json.dumps(body)).encode("utf-8", "surrogatepass")
            body = body.replace("\ufffd".encode(), b"\xe9")  # was invalid UTF-8
        connection = http.client.HTTPConnection(self.address, timeout=60)
        connection.request(request["method"], self.translate(request["path"]), body, self.headers(recording))
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        try:
            content = json.loads(content)
        except ValueError:
            content = content.decode(errors="replace")
        return {"status": answer.status, "headers": dict(answer.getheaders()), "body": content}

    def learn(self, real, here):
        """Identifiers of the recorded server and those here."""
        if isinstance(real, list) and isinstance(here, list):
            for index, one in enumerate(real):
                self.learn(one, partner(one, index, here))
        elif isinstance(real, dict) and isinstance(here, dict):
            for name, one in real.items():
                other = here.get(name)
                if name in ID_MEMBERS and isinstance(one, str) and isinstance(other, str):
                    self.names.setdefault(one, other)
                else:
                    self.learn(one, other)

    def meet(self, recordings):
        """Reads the identifiers of objects that exist from the start out of lists."""
        for recording in recordings:
            body = recording["response"]["body"]
            if recording["request"]["method"] == "GET" and isinstance(body, list) and body:
                self.learn(body, self.ask(recording)["body"])

    def run(self, recordings):
        """{name: [difference]} of all recordings."""
        out = {}
        order = Order(recordings)
        met = False
        for recording in order.sorted(recordings):
            if not met and order.phase(recording) >= order.MAKE:
                self.meet(recordings)
                met = True
            answer = self.ask(recording)
            real = recording["response"]
            self.learn(real["body"], answer["body"])
            out[recording["name"]] = differences(real, answer, self.translate)
            if self.pause and made_ids(recording):
                time.sleep(self.pause)
        return out


def partner(one, index, others):
    for key in NATURAL_KEYS:
        if isinstance(one, dict) and key in one:
            for other in others:
                if isinstance(other, dict) and other.get(key) == one[key]:
                    return other
            return None
    return others[index] if index < len(others) else None


def type_name(value):
    names = {type(None): "null", bool: "boolean", int: "number", float: "number", str: "text", list: "list",
             dict: "object"}
    return names[type(value)]


def members(body):
    """path -> types of the values there."""
    out = {}
    for path, value in walk(body):
        out.setdefault(path, set()).add(type_name(value))
    return out


def differences(real, here, translate):
    out = []
    if real["status"] != here["status"]:
        return [f"status {real['status']}, here {here['status']}"]
    theirs = members(json.loads(translate(json.dumps(real["body"]))))
    ours = members(here["body"])
    for path in sorted(theirs.keys() - ours.keys()):
        if path.removesuffix("[]") == path or path.removesuffix("[]") not in ours:
            out.append(f"only real: {path}")
        else:
            out.append(f"empty here: {path}")
    for path in sorted(ours.keys() - theirs.keys()):
        # An object or list that is empty in the recording may have any content.
        if not inside_empty(path, theirs):
            out.append(f"only here: {path}")
    for path in sorted(theirs.keys() & ours.keys()):
        if theirs[path] != ours[path]:
            out.append(f"type {path}: {'/'.join(sorted(theirs[path]))}, here {'/'.join(sorted(ours[path]))}")
    out += body_differences(real["body"], here["body"], translate)
    if ("X-Total" in real["headers"]) != ("X-Total" in here["headers"]):
        out.append(f"X-Total {'only real' if 'X-Total' in real['headers'] else 'only here'}")
    return compact(out)


def inside_empty(path, theirs):
    parent = path.removesuffix("[]") if path.endswith("[]") else path.rpartition(".")[0]
    return any(theirs.get(at) == {"list"} and not any(other.startswith(at + "[]") for other in theirs)
               for at in (parent, parent.rpartition("[]")[0]))


def body_differences(real, here, translate):
    """An error's type and message, and the kind of an object."""
    if not isinstance(real, dict) or not isinstance(here, dict):
        return []
    out = []
    for name in ("type", "message") if {"type", "message"} <= real.keys() else ("_type",):
        wanted = translate(real[name]) if isinstance(real.get(name), str) else None
        if wanted is not None and isinstance(here.get(name), str) and here[name] != wanted:
            out.append(f"{name} {wanted!r}, here {here[name]!r}")
    return out


def compact(found):
    """Without consequences of another difference: members of a missing object."""
    missing = [one.removeprefix(prefix) for one in found for prefix in ("only real: ", "only here: ", "empty here: ")
               if one.startswith(prefix)]
    return [one for one in found
            if not any(re.match(r"(only real|only here|empty here): ", one) and inner != at and
                       re.match(re.escape(at) + r"[.\[]", inner)
                       for inner in [one.partition(": ")[2]] for at in missing)]


class Known:
    """The known differences: lines of product, name, difference and reason, with `*` for any text in the first
    three."""

    def __init__(self, path, product):
        self.lines = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                cells = line.split("\t")
                assert len(cells) == 4 and all(cell.strip() for cell in cells), f"not four cells: {line!r}"
                if cells[0] == product:
                    self.lines.append(cells[1:])

    @staticmethod
    def fits(pattern, text):
        return fnmatch.fnmatchcase(text.replace("[", "("), pattern.replace("[", "("))

    def check(self, found):
        """(differences that no line is about, lines that are about no difference)"""
        used, unknown = set(), []
        for name, ones in found.items():
            for one in ones:
                about = [i for i, (names, what, _) in enumerate(self.lines)
                         if self.fits(names, name) and self.fits(what, one)]
                used.update(about)
                if not about:
                    unknown.append(f"{name}\t{one}")
        return unknown, ["\t".join(line) for i, line in enumerate(self.lines) if i not in used]
