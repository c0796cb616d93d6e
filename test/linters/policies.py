"""What parliament, a linter with AWS's service authorization reference in it, finds in the policies on standard input.

In: a JSON list of policies, each with `Id` (its role). Out: one line a finding."""

import json
import sys

from parliament import analyze_policy_string, is_arn_match
from parliament.statement import GLOBAL_CONDITION_KEYS

# What a service does with its caller's own rights; newer than the linter.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-viaawsservice
GLOBAL_CONDITION_KEYS["aws:ViaAWSService"] = "Bool"


# Authorized as `*` where the request names no container instance, whatever the reference's resource type, and bound to clusters by a condition.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html
ASKED_AS_STAR = ["ecs:ListTasks"]


def statements(policy):
    return [(set(each["Action"]), each["Resource"]) for each in policy["Statement"]]


def owned(resource):
    """A document of AWS's own belongs to no account, which the linter does not know."""
    return resource.replace("::document/AWS", ":aws:document/AWS")


def is_granted_elsewhere(policy, action, required):
    """Each kind of resource of a call has a statement of its own, so that each can have its own condition."""
    return any(
        action in actions and any(is_arn_match("", required, owned(resource)) for resource in resources)
        for actions, resources in statements(policy)
    )


def is_told_otherwise(policy, mismatch):
    # An execution has one of two formats, and no machine here is an express one.
    is_express = mismatch["required_format"].startswith("arn:*:states:*:*:express:")
    return is_express or is_granted_elsewhere(policy, mismatch["action"], mismatch["required_format"])


def findings(policy):
    for finding in analyze_policy_string(json.dumps({"Version": policy["Version"], "Statement": policy["Statement"]})).findings:
        if finding.issue == "RESOURCE_STAR" and finding.detail == ASKED_AS_STAR:
            continue
        if finding.issue != "RESOURCE_MISMATCH":
            yield f"{finding.issue}: {finding.detail}"
            continue
        for mismatch in finding.detail:
            if not is_told_otherwise(policy, mismatch):
                yield f"{finding.issue}: {mismatch}"


for policy in json.load(sys.stdin):
    for words in findings(policy):
        print(f"{policy['Id']}: {words}")
