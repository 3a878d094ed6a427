"""From a result to what pipelines take: which remarks it makes, and what of it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from reconciler.model.address import ORG, Selector
from reconciler.model.consent import GRAVITY, Ground
from reconciler.model.drift import DriftReport
from reconciler.model.finding import Finding, Severity
from reconciler.model.origin import Origin
from reconciler.model.plan import Plan
from reconciler.model.proof import Proof, TenantProof, Verdict
from reconciler.model.proposal import Proposal
from reconciler.model.words import counted
from reconciler.planning.drift_scene import CHANGED
from reconciler.planning.guard_access import LEAK
from reconciler.reports.checked import (
    Case,
    Checked,
    Remark,
    Result,
    Where,
    by_gravity,
    cases,
    line_of,
    remarks_of,
)
from reconciler.reports.drift_text import last_line as drift_line
from reconciler.reports.findings_text import Locate
from reconciler.reports.plan_text import last_line as plan_line
from reconciler.reports.proof_text import last_line as proof_line
from reconciler.reports.proposal_text import last_line as proposal_line

_GUARD = "guard/"
_WITHIN = GRAVITY.index("increase")
_MEND = "accept it in the manifests, or put it right: reconciler apply --deep"
_FATAL = (Severity.CRITICAL, Severity.ERROR)
_RESULTS: dict[Verdict, Result] = {
    Verdict.LEAK: "failed",
    Verdict.UNKNOWN: "unknown",
    Verdict.VACUOUS: "empty",
}


def of_findings(
    command: str, total: str, findings: Iterable[Finding], names: Iterable[str], where: Where
) -> Checked:
    """Mistakes of files: a case for each of `names`, which are owners, and for each file beside them."""
    remarks = by_gravity(remarks_of(findings, where))
    known = [*names]

    def name_of(remark: Remark) -> str:
        owner = _owner(remark.address)
        return owner if owner in known else remark.place.file if remark.place else ORG

    return Checked(command, total, remarks, cases(known, remarks, name_of, _is_fatal))


def of_lint(total: str, findings: Iterable[Finding], rules: Iterable[str], locate: Locate) -> Checked:
    """Wrong recipes: a case for each of `rules`."""
    remarks = by_gravity(remarks_of(findings, lambda origin, _: locate(origin) if origin else None))
    return Checked("lint", total, remarks, cases(rules, remarks, lambda each: each.rule, _is_fatal))


def of_plan(plan: Plan, owners: Iterable[str], where: Where) -> Checked:
    """What a plan withholds, what it noticed and whose consent it asks for; what is withheld fails."""
    told = (*_withheld(plan, where), *remarks_of(plan.findings, where), *_consent(plan.grounds, where))
    return _by_owner("plan", plan_line(plan), owners, told, _stops)


def of_proposal(found: Proposal, owners: Iterable[str], where: Where) -> Checked:
    """Leaks that the manifests show, and whose consent the change asks for."""
    told = (*remarks_of(found.leaks, where), *_consent(found.grounds, where))
    return _by_owner("plan --against", proposal_line(found), owners, told, _is_fatal)


def of_drift(report: DriftReport, code: int, owners: Iterable[str], where: Where) -> Checked:
    """Every object that somebody changed, which fails its owner."""
    return _by_owner("drift", drift_line(report, code), owners, _drifted(report, where), lambda each: True)


def of_proof(proof: Proof, code: int, where: Where) -> Checked:
    """A case for each tenant by its verdict, and one for whoever reaches them all."""
    whole = (*proof.intruders, *proof.findings, *proof.warnings)
    each = [finding for tenant in proof.tenants for finding in (*tenant.leaks, *tenant.intruders)]
    return Checked(
        "prove",
        proof_line(proof, code),
        by_gravity(remarks_of((*each, *whole), where)),
        (*(_proved(tenant) for tenant in proof.tenants), _everywhere(proof)),
    )


def _is_fatal(remark: Remark) -> bool:
    return remark.severity in _FATAL


def _stops(remark: Remark) -> bool:
    return _is_fatal(remark) or remark.rule.startswith(_GUARD)


def _by_owner(
    command: str, total: str, owners: Iterable[str], told: Iterable[Remark], fails: Callable[[Remark], bool]
) -> Checked:
    remarks = by_gravity(told)
    found = cases(owners, remarks, lambda each: _owner(each.address), fails)
    return Checked(command, total, remarks, found)


def _owner(address: str) -> str:
    """Whose an address is; what is none is the organisation's."""
    try:
        return Selector.parse(address.strip("{}")).owner
    except ValueError:
        return ORG


def _withheld(plan: Plan, where: Where) -> Iterator[Remark]:
    for change in plan.withheld:
        held, address = change.withheld, str(change.address)
        if held is not None:
            yield Remark(
                f"{_GUARD}{held.guard}",
                Severity.CRITICAL if held.guard == LEAK else Severity.WARNING,
                f"{address}: {change.action} withheld: {held.reason}",
                f"release: {held.release}",
                address,
                where(change.origin, address),
            )


def _consent(grounds: Iterable[Ground], where: Where) -> Iterator[Remark]:
    """What needs somebody's consent beyond the walls of its own tenant."""
    for each in grounds:
        if GRAVITY.index(each.consent) > _WITHIN:
            message = f"asks for consent to {each.consent}: {each.address} {each.message}"
            rule, place = f"consent/{each.consent}", where(None, each.address)
            yield Remark(rule, Severity.WARNING, message, "", each.address, place)


def _drifted(report: DriftReport, where: Where) -> Iterator[Remark]:
    """One for each object, and one for each way in which it crosses a tenant's walls."""
    for item in report.objects:
        address = str(item.address)
        fields = ", ".join(change.path for change in item.fields)
        access = f"gives {counted(len(item.access.gains), 'right')}, takes {len(item.access.losses):,}"
        message = f"{address}: {fields} changed by hand; {access}"
        yield Remark(CHANGED, item.severity, message, _MEND, address, where(None, address))
        for leak in remarks_of((each.finding for each in item.leaks), where):
            yield leak._replace(address=address, place=where(None, address))


def _proved(tenant: TenantProof) -> Case:
    """A tenant by its verdict; what shows it are its leaks, or the reasons why it is no better."""
    shown = [line_of(each) for each in remarks_of((*tenant.leaks, *tenant.intruders), _nowhere)]
    told = "; ".join([str(tenant.verdict), *tenant.reasons])
    return Case(tenant.tenant, _RESULTS.get(tenant.verdict, "passed"), told, tuple(shown))


def _everywhere(proof: Proof) -> Case:
    """Whoever reaches all of them alike."""
    lines = tuple(line_of(each) for each in remarks_of(proof.intruders, _nowhere))
    if not lines and proof.gaps:
        return Case(ORG, "unknown", f"not seen: {'; '.join(proof.gaps)}")
    told = f"{counted(len(lines), 'subject')} reach every tenant and should not" if lines else ""
    return Case(ORG, "failed" if lines else "passed", told, lines)


def _nowhere(origin: Origin | None, address: str) -> None:
    return None
