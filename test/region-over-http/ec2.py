import datetime
import unittest

from asking import APPLIANCE, DEVICE, SOON, ZONE, Asking, client, until

ec2 = client("ec2")


def volume(**more):
    return settled(ec2.create_volume(**{"AvailabilityZone": ZONE, "VolumeType": "gp3", "Size": 4, **more})["VolumeId"])


def settled(made):
    """boto3's waiter gives up when a new volume is not known yet: look by filter first."""
    until(lambda: ec2.describe_volumes(Filters=[{"Name": "volume-id", "Values": [made]}])["Volumes"])
    ec2.get_waiter("volume_available").wait(VolumeIds=[made], WaiterConfig=SOON)
    return made


class Instances(Asking):
    def test_describes_instances_with_mappings_and_tags(self):
        (reservation,) = ec2.describe_instances(InstanceIds=[APPLIANCE])["Reservations"]
        (instance,) = reservation["Instances"]
        self.assertEqual(instance["State"], {"Code": 16, "Name": "running"})
        self.assertIsInstance(instance["LaunchTime"], datetime.datetime)
        self.assertIn({"Key": "Name", "Value": "appliance"}, instance["Tags"])
        mapping = {each["DeviceName"]: each["Ebs"] for each in instance["BlockDeviceMappings"]}[DEVICE]
        self.assertEqual(mapping["Status"], "attached")
        self.assertRegex(mapping["VolumeId"], "^vol-[0-9a-f]{17}$")

    def test_filters_and_refuses_unknown_filters_and_ids(self):
        named = [{"Name": "tag:Name", "Values": ["orders-*"]}]
        pages = ec2.get_paginator("describe_instances").paginate(Filters=named, PaginationConfig={"PageSize": 5})
        self.assertEqual(len([each for page in pages for each in page["Reservations"]]), 1)
        self.refused("InvalidParameterValue", ec2.describe_instances, Filters=[{"Name": "colour", "Values": ["red"]}])
        message = self.refused("InvalidInstanceID.NotFound", ec2.describe_instances, 400, InstanceIds=["i-0123456789abcdef0"])
        self.assertIn("i-0123456789abcdef0", message)
        self.refused("InvalidInstanceID.Malformed", ec2.stop_instances, InstanceIds=["nonsense"])
        self.refused("DryRunOperation", ec2.describe_instances, 412, DryRun=True)

    def test_tells_attributes_status_types_zones_and_regions(self):
        attribute = ec2.describe_instance_attribute(InstanceId=APPLIANCE, Attribute="disableApiStop")
        self.assertEqual(attribute["DisableApiStop"], {"Value": False})
        (status,) = ec2.describe_instance_status(InstanceIds=[APPLIANCE])["InstanceStatuses"]
        self.assertEqual((status["InstanceStatus"]["Status"], status["SystemStatus"]["Status"]), ("ok", "ok"))
        (kind,) = ec2.describe_instance_types(InstanceTypes=["m5.large"])["InstanceTypes"]
        self.assertEqual(kind["EbsInfo"]["MaximumEbsAttachments"], 28)
        zones = ec2.describe_availability_zones()["AvailabilityZones"]
        self.assertEqual([zone["ZoneName"] for zone in zones], ["eu-west-1a", "eu-west-1b", "eu-west-1c"])
        self.assertEqual(ec2.describe_regions()["Regions"][0]["RegionName"], "eu-west-1")

    def test_stops_and_starts_with_waiters(self):
        (instance,) = [
            each
            for reservation in ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": ["orders-db"]}])["Reservations"]
            for each in reservation["Instances"]
        ]
        ids = [instance["InstanceId"]]
        (change,) = ec2.stop_instances(InstanceIds=ids)["StoppingInstances"]
        self.assertEqual((change["PreviousState"]["Name"], change["CurrentState"]["Name"]), ("running", "stopping"))
        self.refused("IncorrectInstanceState", ec2.start_instances, InstanceIds=ids)
        ec2.get_waiter("instance_stopped").wait(InstanceIds=ids, WaiterConfig=SOON)
        (change,) = ec2.start_instances(InstanceIds=ids)["StartingInstances"]
        self.assertEqual(change["CurrentState"], {"Code": 0, "Name": "pending"})
        ec2.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig=SOON)
        ec2.get_waiter("instance_status_ok").wait(InstanceIds=ids, WaiterConfig=SOON)

    def test_modifies_delete_on_termination(self):
        mapping = [{"DeviceName": DEVICE, "Ebs": {"DeleteOnTermination": False}}]
        ec2.modify_instance_attribute(InstanceId=APPLIANCE, BlockDeviceMappings=mapping)
        found = ec2.describe_instance_attribute(InstanceId=APPLIANCE, Attribute="blockDeviceMapping")["BlockDeviceMappings"]
        self.assertFalse({each["DeviceName"]: each["Ebs"] for each in found}[DEVICE]["DeleteOnTermination"])


class Volumes(Asking):
    def test_creates_attaches_detaches_and_deletes(self):
        made = volume(TagSpecifications=[{"ResourceType": "volume", "Tags": [{"Key": "a", "Value": "b & <c>"}]}])
        (found,) = ec2.describe_volumes(VolumeIds=[made])["Volumes"]
        self.assertEqual((found["Tags"], found["Attachments"]), ([{"Key": "a", "Value": "b & <c>"}], []))
        self.assertEqual((found["VolumeType"], found["Iops"], found["Throughput"]), ("gp3", 3000, 125))
        attached = ec2.attach_volume(VolumeId=made, InstanceId=APPLIANCE, Device="/dev/sdp")
        self.assertEqual(attached["State"], "attaching")
        ec2.get_waiter("volume_in_use").wait(VolumeIds=[made], WaiterConfig=SOON)
        self.refused("VolumeInUse", ec2.delete_volume, VolumeId=made)
        until(lambda: ec2.describe_volumes(VolumeIds=[made])["Volumes"][0]["Attachments"][0]["State"] == "attached")
        self.assertEqual(ec2.detach_volume(VolumeId=made, InstanceId=APPLIANCE)["State"], "detaching")
        ec2.get_waiter("volume_available").wait(VolumeIds=[made], WaiterConfig=SOON)
        ec2.delete_volume(VolumeId=made)
        ec2.get_waiter("volume_deleted").wait(VolumeIds=[made], WaiterConfig=SOON)

    def test_refuses_what_cannot_be(self):
        elsewhere = volume(AvailabilityZone="eu-west-1b")
        there = {"VolumeId": elsewhere, "InstanceId": APPLIANCE}
        self.refused("InvalidVolume.ZoneMismatch", ec2.attach_volume, **there, Device="/dev/sdq")
        malformed = {"VolumeId": volume(), "InstanceId": APPLIANCE, "Device": "/dev/zz"}
        self.refused("InvalidParameterValue", ec2.attach_volume, **malformed)
        self.refused("IncorrectState", ec2.detach_volume, VolumeId=elsewhere)
        self.refused("InvalidVolume.NotFound", ec2.describe_volumes, VolumeIds=["vol-0123456789abcdef0"])
        (root,) = ec2.describe_volumes(
            Filters=[
                {"Name": "attachment.instance-id", "Values": [APPLIANCE]},
                {"Name": "attachment.device", "Values": ["/dev/xvda"]},
            ]
        )["Volumes"]
        self.refused("OperationNotPermitted", ec2.detach_volume, VolumeId=root["VolumeId"])

    def test_makes_one_volume_for_one_client_token(self):
        request = {"AvailabilityZone": ZONE, "Size": 1, "ClientToken": "the-token"}
        first = ec2.create_volume(**request)["VolumeId"]
        self.assertEqual(ec2.create_volume(**request)["VolumeId"], first)
        self.refused("IdempotentParameterMismatch", ec2.create_volume, **{**request, "Size": 2})

    def test_gives_pages_that_together_are_everything(self):
        for _ in range(6):
            ec2.create_volume(AvailabilityZone="eu-west-1c", Size=1)
        everything = lambda **paging: [
            each["VolumeId"]
            for page in ec2.get_paginator("describe_volumes").paginate(**paging)
            for each in page["Volumes"]
            if each["AvailabilityZone"] == "eu-west-1c"
        ]
        until(lambda: len(everything()) == 6)
        self.assertEqual(len(set(everything(PaginationConfig={"PageSize": 5}))), 6)
        zone = [{"Name": "availability-zone", "Values": ["eu-west-1c"]}]
        for _ in range(12):
            self.assertEqual(len(everything(Filters=zone, PaginationConfig={"PageSize": 500})), 6)
        self.refused("InvalidNextToken", ec2.describe_volumes, NextToken="nonsense")
        self.refused("InvalidParameterValue", ec2.describe_volumes, MaxResults=4)


class Snapshots(Asking):
    def test_takes_a_set_at_one_instant_with_tags(self):
        taken = ec2.create_snapshots(
            InstanceSpecification={"InstanceId": APPLIANCE, "ExcludeBootVolume": True},
            CopyTagsFromSource="volume",
            TagSpecifications=[{"ResourceType": "snapshot", "Tags": [{"Key": "run", "Value": "r-1"}]}],
        )["Snapshots"]
        self.assertEqual({each["State"] for each in taken}, {"pending"})
        self.assertEqual(len({each["StartTime"] for each in taken}), 1)
        again = {"InstanceSpecification": {"InstanceId": APPLIANCE}}
        self.refused("SnapshotCreationPerVolumeRateExceeded", ec2.create_snapshots, **again)
        ids = [each["SnapshotId"] for each in taken]
        until(lambda: self.seen(ids))
        ec2.get_waiter("snapshot_completed").wait(SnapshotIds=ids, WaiterConfig=SOON)
        found = ec2.describe_snapshots(OwnerIds=["self"], Filters=[{"Name": "tag:run", "Values": ["r-1"]}])["Snapshots"]
        self.assertEqual({each["SnapshotId"] for each in found}, set(ids))
        self.assertEqual({each["Progress"] for each in found}, {"100%"})
        for snapshot in ids:
            ec2.delete_snapshot(SnapshotId=snapshot)
        until(lambda: not self.seen(ids))

    def test_makes_a_volume_of_a_snapshot(self):
        source = volume()
        snapshot = ec2.create_snapshot(VolumeId=source, Description="one")["SnapshotId"]
        until(lambda: self.seen([snapshot]))
        self.refused("IncorrectState", ec2.create_volume, AvailabilityZone=ZONE, SnapshotId=snapshot)
        ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot], WaiterConfig=SOON)
        (copy,) = ec2.describe_volumes(VolumeIds=[volume(SnapshotId=snapshot)])["Volumes"]
        self.assertEqual((copy["SnapshotId"], copy["Size"]), (snapshot, 4))
        self.refused("InvalidSnapshot.NotFound", ec2.delete_snapshot, SnapshotId="snap-0123456789abcdef0")

    def seen(self, ids):
        found = ec2.describe_snapshots(Filters=[{"Name": "snapshot-id", "Values": ids}])["Snapshots"]
        return len(found) == len(ids)


class Tags(Asking):
    def test_tags_and_untags(self):
        made = volume()
        ec2.create_tags(Resources=[made], Tags=[{"Key": "k", "Value": "v"}])
        of_it = [{"Name": "resource-id", "Values": [made]}]
        until(lambda: ec2.describe_tags(Filters=of_it)["Tags"])
        ec2.delete_tags(Resources=[made], Tags=[{"Key": "k"}])
        until(lambda: not ec2.describe_tags(Filters=of_it)["Tags"])
        self.refused("InvalidParameterValue", ec2.create_tags, Resources=[made], Tags=[{"Key": "aws:k", "Value": "v"}])


unittest.main()
