"""A backup and a recovery in place, as an operator with boto3 and nothing else would see them."""
import json
import time
import unittest

from asking import APPLIANCE, DEVICE, Asking, client, outputs, until

ec2, states, functions = client("ec2"), client("stepfunctions"), client("lambda")


def attached():
    (reservation,) = ec2.describe_instances(InstanceIds=[APPLIANCE])["Reservations"]
    mappings = reservation["Instances"][0]["BlockDeviceMappings"]
    return {each["DeviceName"]: each["Ebs"]["VolumeId"] for each in mappings if each["Ebs"]["Status"] == "attached"}


class Story(Asking):
    def test_a_volume_is_swapped_for_what_was_backed_up(self):
        stack = outputs()
        before = attached()
        begun = functions.invoke(
            FunctionName=stack["HoldfastBeginRun"], Payload=json.dumps({"workload": "appliance", "trigger": "operator"})
        )
        self.assertEqual(json.loads(begun["Payload"].read())["outcome"], "begun")
        (snapshot,) = until(lambda: self.completed(before[DEVICE]), 120)
        arn = self.recover(stack["HoldfastRecover"])
        ended = until(lambda: self.ended(arn), 120)
        self.assertEqual(ended["status"], "SUCCEEDED", ended.get("cause"))
        after = attached()
        self.assertNotEqual(after.pop(DEVICE), before[DEVICE])
        self.assertEqual(after, {device: volume for device, volume in before.items() if device != DEVICE})
        (fresh,) = ec2.describe_volumes(VolumeIds=[attached()[DEVICE]])["Volumes"]
        self.assertEqual(fresh["SnapshotId"], snapshot["SnapshotId"])
        (old,) = ec2.describe_volumes(VolumeIds=[before[DEVICE]])["Volumes"]
        self.assertEqual((old["State"], old["Attachments"]), ("available", []))
        self.assertEqual(
            ec2.describe_instance_status(InstanceIds=[APPLIANCE])["InstanceStatuses"][0]["InstanceState"]["Name"], "running"
        )

    def completed(self, volume):
        filters = [{"Name": "volume-id", "Values": [volume]}, {"Name": "status", "Values": ["completed"]}]
        return ec2.describe_snapshots(OwnerIds=["self"], Filters=filters)["Snapshots"]

    def recover(self, machine):
        """Until the point is sealed there is nothing to recover from, and the machine says so."""
        for attempt in range(60):
            started = states.start_execution(stateMachineArn=machine, input=json.dumps({"workload": "appliance"}))
            time.sleep(0.5)
            found = states.describe_execution(executionArn=started["executionArn"])
            if found["status"] != "FAILED":
                return started["executionArn"]
        self.fail(found["cause"])

    def ended(self, arn):
        found = states.describe_execution(executionArn=arn)
        return found if found["status"] != "RUNNING" else None


unittest.main()
