"""Checks a certificate of isolation on its own: python check_certificate.py FILE.

Standard library only, nothing of the program that made the certificate. It takes the facts in the file
as they are, works both verdicts out anew by looking at every grant, and compares. What it cannot check
is whether the facts are the organisation's: for that, read the organisation and compare the digest.
Exit 0: every claim holds; 1: one does not, or the file is no certificate.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any

Cell = tuple[str, str, tuple[str, str]]

EVERYWHERE, WIDE = "*", "org-wide"
LEAK, GOOD = "LEAK", ("PROVED", "EXCEPTED")


def digest(certificate: dict[str, Any]) -> str:
    """SHA-256 of everything but the digest itself."""
    rest = {name: value for name, value in certificate.items() if name != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def covers(said: str, permission: str) -> bool:
    """Whether a role that says `said` allows `permission`."""
    if said in (permission, "*"):
        return True
    ours, theirs = said.split(":"), permission.split(":")
    return len(ours) == len(theirs) and all(a in ("*", b) for a, b in zip(ours, theirs, strict=True))


class Facts:
    """The facts of a certificate, and what follows from them."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.aware = set(facts["confined"])
        self.known = self.aware | set(facts["unconfined"])
        self.shared = {tuple(cell) for cell in facts["shares"]}
        self.given = {tuple(pair) for pair in facts["declared"]}

    def pairs(self, subject: str) -> set[tuple[str, str]]:
        """(role, division) that a subject holds, through groups too; who may be in a group is in it."""
        whose = [subject]
        if self.facts["subjects"][subject]["nature"] == "person":
            whose += [*self.facts["groups"].get(subject, ()), *self.facts["unread"]]
        held = self.facts["holds"]
        return {(role, division) for holder in whose for role, division in held.get(holder, ())}

    def cells(self, subject: str) -> Iterator[Cell]:
        """(permission, place, pair): what is not surely confined reaches the whole organisation."""
        for role, division in self.pairs(subject):
            for said in self.facts["roles"].get(role, ()):
                if "*" in said or said not in self.aware:
                    yield said, WIDE, (role, division)
                else:
                    yield said, division, (role, division)
                if "*" in said:
                    for permission in self.known:
                        if covers(said, permission):
                            yield permission, division if permission in self.aware else WIDE, (role, division)

    def becomes(self, subject: str) -> set[str]:
        """Everybody whom a subject can act as."""
        found, waiting = {subject}, [subject]
        while waiting:
            for permission, place, _ in self.cells(waiting.pop()):
                if any(covers(permission, each) for each in self.facts["becoming"]):
                    for person, told in self.facts["subjects"].items():
                        there = place in (told["liesIn"], EVERYWHERE, WIDE)
                        if told["nature"] == "person" and there and person not in found:
                            found.add(person)
                            waiting.append(person)
        return found

    def allowed(self, subject: str, tenant: str, permission: str, place: str) -> bool:
        """Whether a subject of this tenant may use a permission there."""
        if any(covers(permission, each) for each in self.facts["escalators"]):
            return False
        if place == WIDE:
            return permission in self.facts["orgWide"]
        if place not in self.facts["confine"].get(subject, (place,)):
            return False
        if (subject, permission, place) in self.shared:
            return True
        return place not in (EVERYWHERE, self.facts["home"]) and self.facts["divisions"].get(place) in (
            tenant,
            "org",
        )

    def reaches(self, tenant: str) -> bool:
        """Whether a program of the tenant reaches what it should not."""
        return any(
            not self.allowed(subject, tenant, permission, place)
            for subject, told in self.facts["subjects"].items()
            if told["owner"] == tenant
            for actor in self.becomes(subject)
            for permission, place, _ in self.cells(actor)
        )

    def reached(self, tenant: str) -> bool:
        """Whether somebody reaches the tenant who should not."""
        walls = {division for division, owner in self.facts["divisions"].items() if owner == tenant}
        return bool(walls) and any(self.intrudes(each, tenant, walls) for each in self.facts["subjects"])

    def intrudes(self, subject: str, tenant: str, walls: set[str]) -> bool:
        """Whether a subject reaches these divisions and neither owns, operates nor was told to."""
        told = self.facts["subjects"][subject]
        person = told["nature"] == "person"
        owner = self.facts["divisions"].get(told["liesIn"], "") if person else told["owner"]
        tolerated = self.facts["reachedBy"].get(subject, ())
        places = walls | {EVERYWHERE, WIDE}
        cells = [cell for cell in self.cells(subject) if cell[1] in places and cell[2][0] not in tolerated]
        if not cells or subject == self.facts["operator"] or owner == tenant or told["nature"] == "group":
            return False
        if person and owner in ("", "org"):
            return False
        if not person and owner == "org":
            return not all((subject, *pair) in self.given for _, _, pair in cells)
        if not person and not owner:
            return True
        return not all(
            permission in self.facts["orgWide"]
            if place == WIDE
            else (subject, permission, place) in self.shared
            for permission, place, _ in cells
        )


def mistakes(certificate: dict[str, Any]) -> Iterator[str]:
    """What does not hold, in words."""
    if certificate.get("digest") != digest(certificate):
        yield "the digest is not that of the content"
    facts = Facts(certificate["facts"])
    for tenant, claim in certificate["claims"].items():
        for name, leaks in (("reaches", facts.reaches(tenant)), ("reachedBy", facts.reached(tenant))):
            if claim[name] in GOOD and leaks:
                yield f"{tenant}: {name} is claimed {claim[name]}, and there is a leak"
            if claim[name] == LEAK and not leaks:
                yield f"{tenant}: {name} is claimed {LEAK}, and there is none"
            if claim[name] in GOOD and certificate["facts"]["gaps"]:
                yield f"{tenant}: {name} is claimed {claim[name]}, and not everything was seen"


def main(path: str) -> int:
    """Check a file; the exit code."""
    try:
        with open(path, encoding="utf-8") as file:
            certificate = json.load(file)
        found = list(mistakes(certificate))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"{path} is no certificate: {type(error).__name__}: {error}")
        return 1
    print("\n".join(found) or f"{len(certificate['claims'])} tenants: every claim holds")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else __doc__)
